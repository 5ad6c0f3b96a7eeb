"""A line or several lines of plain text."""

import re
from collections.abc import Iterator
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import Problem, refuse
from reliability.wording import say as _

MAX_CHARACTERS = 1_000_000  # a bound against mistakes; an editor's limit is `max_length`
MAX_FILTER_CHARACTERS = 200  # a database index refuses entries of a few kilobytes

# PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8: both would fail after the form was accepted.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def storable_text(value: Any, path: str) -> str:
    """Return a string that every database stores, line ends as `\\n`; control characters are dropped.

    Raises InvalidValue when the value is no string or is too long.
    """
    if not isinstance(value, str):
        raise refuse(path, "not_text", _("Must be a text."))
    if len(value) > MAX_CHARACTERS:
        raise refuse(path, "too_long", _("Must have at most {most} characters.", most=MAX_CHARACTERS))
    return UNSTORABLE.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


class Text(FieldKind):
    """Stored as a string. Length and pattern count when publishing, so that no half-written line is lost."""

    key = "text"
    options = {
        "multiline": options.flag,
        "min_length": options.whole(1, MAX_CHARACTERS),
        "max_length": options.whole(1, MAX_CHARACTERS),
        "pattern": options.pattern,
    }
    can_search = True

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the text without white space around it; several lines keep the indent of the first (think of code)."""
        if value is None:
            return None
        text = storable_text(value, path)
        if not text.strip():
            return None
        return text.strip("\n").rstrip() if field.options.get("multiline") else " ".join(text.strip().split("\n"))

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield what breaks `min_length`, `max_length` or `pattern`."""
        shortest, longest = field.options.get("min_length", 0), field.options.get("max_length", MAX_CHARACTERS)
        if len(value) < shortest:
            yield Problem(
                path,
                "too_short",
                _("Must have at least {least} characters; it has {count}.", least=shortest, count=len(value)),
            )
        if len(value) > longest:
            yield Problem(
                path,
                "too_long",
                _("Must have at most {most} characters; it has {count}.", most=longest, count=len(value)),
            )
        if not re.fullmatch(field.options.get("pattern", r"(?s:.*)"), value):
            yield Problem(
                path, "wrong_pattern", _("Must match the pattern {pattern}.", pattern=field.options["pattern"])
            )

    def search_text(self, value: Any, field: FieldDefinition, context: Context) -> str:
        """Return the text itself."""
        return value or ""

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the beginning of the text, as much as an index holds."""
        return [FilterValue(text=value[:MAX_FILTER_CHARACTERS])] if value else []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a string with its limits."""
        names = {"min_length": "minLength", "max_length": "maxLength"}
        limits = {names[name]: field.options[name] for name in names if name in field.options}
        pattern = {"pattern": f"^(?:{field.options['pattern']})$"} if "pattern" in field.options else {}
        return {"type": "string"} | limits | pattern
