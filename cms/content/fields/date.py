"""A day, without a time or a zone."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import Problem, refuse
from reliability.wording import say as _

# The standard library also reads 20260102 and 2026-W01-5, which no form and no client should send.
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_day(value: Any) -> date | None:
    """Return the day of `2026-01-31`, or None when it is none."""
    if not isinstance(value, str) or not ISO_DAY.fullmatch(value.strip()):
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


def day(value: Any) -> str | None:
    """Check an option for a day."""
    return None if parse_day(value) else "must be a day such as 2026-01-31."


class Date(FieldKind):
    """Stored as an ISO date."""

    key = "date"
    options = {"min": day, "max": day}

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> str | None:
        """Return the ISO date."""
        if value is None or value == "":
            return None
        parsed = parse_day(value)
        if parsed is None:
            raise refuse(path, "not_a_date", _("Must be a day such as 2026-01-31."))
        return parsed.isoformat()

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield what is before `min` or after `max`; ISO dates compare as text."""
        if value < field.options.get("min", value):
            yield Problem(path, "too_early", _("Must not be before {min}.", min=field.options["min"]))
        if value > field.options.get("max", value):
            yield Problem(path, "too_late", _("Must not be after {max}.", max=field.options["max"]))

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the day's beginning in UTC."""
        return [FilterValue(time=datetime.fromisoformat(value).replace(tzinfo=UTC))] if value else []

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a date."""
        return {"type": "string", "format": "date"}
