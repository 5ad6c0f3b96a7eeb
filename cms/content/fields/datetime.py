"""An instant."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import Problem, refuse
from reliability.wording import say as _


def parse_instant(value: Any) -> datetime | None:
    """Return the instant in UTC, or None when the text is none or says no zone."""
    if not isinstance(value, str) or "T" not in value.upper():
        return None
    try:
        parsed = datetime.fromisoformat(value.strip())
        return parsed.astimezone(UTC) if parsed.tzinfo else None
    except (ValueError, OverflowError):
        return None


def instant(value: Any) -> str | None:
    """Check an option for an instant."""
    return None if parse_instant(value) else "must be a time with its zone, such as 2026-01-31T09:00:00Z."


class DateTime(FieldKind):
    """Stored as a UTC instant with `Z`."""

    key = "datetime"
    options = {"min": instant, "max": instant}

    def sortable(self, bound: Any) -> datetime | None:
        """Return the instant."""
        return parse_instant(bound)

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the instant in UTC; a time without a zone is refused, since nobody can tell which one is meant."""
        if value is None or value == "":
            return None
        parsed = parse_instant(value)
        if parsed is None:
            raise refuse(path, "not_a_datetime", _("Must be a time with its zone, such as 2026-01-31T09:00:00Z."))
        return parsed.isoformat().replace("+00:00", "Z")

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield what is before `min` or after `max`."""
        own = parse_instant(value)
        earliest, latest = parse_instant(field.options.get("min")), parse_instant(field.options.get("max"))
        if own and earliest and own < earliest:
            yield Problem(path, "too_early", _("Must not be before {min}.", min=field.options["min"]))
        if own and latest and own > latest:
            yield Problem(path, "too_late", _("Must not be after {max}.", max=field.options["max"]))

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the instant."""
        return [FilterValue(time=parse_instant(value))] if value else []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a date-time."""
        return {"type": "string", "format": "date-time"}
