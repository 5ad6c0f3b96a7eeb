"""Any JSON, for data that only programs read."""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry
from referencing.exceptions import Unresolvable

from cms.content.definition import FieldDefinition
from cms.content.fields.kind import Context, FieldKind
from cms.content.fields.text import UNSTORABLE
from cms.content.problems import Problem, refuse
from reliability.wording import say as _

MAX_BYTES = 64 * 1024
MAX_LEVELS = 40
RESERVED_PREFIX = "cms:"  # published JSON marks links to resolve by keys like this; a value must not forge one


def schema(value: Any) -> str | None:
    """Check an option for a JSON Schema that refers to nothing outside of itself."""
    if not isinstance(value, dict):
        return "must be a JSON Schema, that is, a mapping."
    if any(not str(each).startswith("#") for each in _named("$ref", value)):
        return "must not refer to other schemas; only $ref: '#/...' is followed."
    try:
        Draft202012Validator.check_schema(value)
    except SchemaError as error:
        return f"must be a JSON Schema ({error.message})."
    return None


class Json(FieldKind):
    """Stored as it is. The schema counts when publishing."""

    key = "json"
    options = {"schema": schema}
    can_filter = False

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Any:
        """Return the value if it is JSON, fits in 64 KiB and uses no reserved keys."""
        _check_parts(value, path)
        try:
            text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        except (TypeError, ValueError):
            raise refuse(path, "not_json", _("Must be JSON, without NaN or infinity.")) from None
        if len(text.encode()) > MAX_BYTES:
            raise refuse(path, "too_large", _("Must be at most 64 KiB of JSON."))
        return json.loads(text)

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield what breaks the field's schema."""
        if "schema" not in field.options:
            return
        try:
            for error in Draft202012Validator(field.options["schema"], registry=Registry()).iter_errors(value):
                yield Problem(path, "wrong_schema", f"{error.json_path}: {error.message[:200]}")
        except Unresolvable as error:
            yield Problem(
                path, "wrong_schema", _("The schema of this field refers to what does not exist: {error}.", error=error)
            )

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return the field's own schema; without one anything goes."""
        return dict(field.options.get("schema", {}))


def _check_parts(value: Any, path: str, level: int = 1) -> None:
    if level > MAX_LEVELS:
        raise refuse(path, "too_deep", _("Must be at most {levels} levels deep.", levels=MAX_LEVELS))
    if isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str) or key.startswith(RESERVED_PREFIX):
                raise refuse(
                    path,
                    "reserved_key",
                    _("Keys must be texts that do not begin with “{prefix}”.", prefix=RESERVED_PREFIX),
                )
            _check_parts(key, path, level + 1)
            _check_parts(each, path, level + 1)
    elif isinstance(value, list):
        for each in value:
            _check_parts(each, path, level + 1)
    elif isinstance(value, str) and UNSTORABLE.search(value):
        raise refuse(path, "not_text", _("Must not hold control characters or half characters."))


def _named(name: str, value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for each in value.values():
            yield from _named(name, each)
    elif isinstance(value, list):
        for each in value:
            yield from _named(name, each)
