"""Other documents, named by translation key, so that each locale finds its own translation."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, FilterValue, Link
from cms.content.problems import Problem, refuse
from reliability.wording import say as _

TARGET_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "key": {"type": "string", "format": "uuid"},
        "id": {"type": ["string", "null"], "format": "uuid"},
        "type": {"type": ["string", "null"]},
        "path": {"type": ["string", "null"]},
    },
    "required": ["key"],
}


def clean_uuid(value: Any, path: str) -> str:
    """Return the id in lower case with hyphens.

    Raises InvalidValue when it is none; other spellings, such as braces, are refused too.
    """
    try:
        parsed = str(UUID(value)) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        parsed = None
    if parsed is None:
        raise refuse(path, "not_an_id", _("Must be an id such as 0192f0aa-7c1e-7b4e-8a55-3f1d9f3f6c02."))
    return parsed


class Reference(FieldKind):
    """Stored as one translation key. Whether the target exists and has an allowed type is asked of the database."""

    key = "reference"
    options = {"to": options.names}

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the key in lower case."""
        return None if value in (None, "") else clean_uuid(value, path)

    def references(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Link]:
        """Return the target."""
        return [Link(path, "reference", to_key=value)] if value else []

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the target's key."""
        return [FilterValue(ref=value)] if value else []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return the target as readers get it: its key, and id, type and path where it is published."""
        return TARGET_SCHEMA


class References(FieldKind):
    """Stored as a list of different translation keys."""

    key = "references"
    options = {"to": options.names, "min": options.whole(0, 500), "max": options.whole(1, 500)}

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[str]:
        """Return the keys in lower case and in order; a repeated one counts once."""
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise refuse(path, "not_a_list", _("Must be a list of ids."))
        return list(dict.fromkeys(clean_uuid(each, f"{path}[{index}]") for index, each in enumerate(value)))

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield too few or too many."""
        yield from check_count(value, field, path)

    def references(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Link]:
        """Return every target."""
        return [Link(path, "reference", to_key=each) for each in value or ()]

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return every target's key."""
        return [FilterValue(ref=each) for each in value or ()]

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a list of targets."""
        return {"type": "array", "items": TARGET_SCHEMA}


def check_count(value: list[Any], field: FieldDefinition, path: str) -> Iterator[Problem]:
    """Yield a list that is shorter than `min` or longer than `max`."""
    lowest, highest = field.options.get("min", 0), field.options.get("max")
    if len(value) < lowest:
        yield Problem(
            path, "too_few", _("Must hold at least {least}; it holds {count}.", least=lowest, count=len(value))
        )
    if highest is not None and len(value) > highest:
        yield Problem(
            path, "too_many", _("Must hold at most {most}; it holds {count}.", most=highest, count=len(value))
        )
