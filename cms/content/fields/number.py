"""A whole or decimal number."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from cms.content.definition import FieldDefinition
from cms.content.fields import options
from cms.content.fields.kind import Context, FieldKind, FilterValue
from cms.content.problems import Problem, refuse
from reliability.wording import say as _

MAX_DECIMALS = 10
LIMIT = Decimal(10) ** 15  # JavaScript reads whole numbers exactly up to 9 * 10^15


class Number(FieldKind):
    """Stored as an integer, or with `decimals` as a string such as "12.50"; JSON numbers are often read as floats."""

    key = "number"
    options = {
        "decimals": options.whole(0, MAX_DECIMALS),
        "min": options.numeric,
        "max": options.numeric,
        "unit": options.word,
    }

    def sortable(self, bound: Any) -> Decimal:
        """Return the bound as a decimal."""
        return Decimal(str(bound))

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> int | str | None:
        """Return an integer, or a string with exactly as many decimals as the field has."""
        if value is None or value == "":
            return None
        number = _decimal(value, path)
        decimals: int = field.options.get("decimals", 0)
        rounded = number.quantize(Decimal(1).scaleb(-decimals))
        if rounded != number:
            raise refuse(path, "too_many_decimals", _("Must have at most {decimals} decimals.", decimals=decimals))
        return f"{rounded + 0:f}" if decimals else int(rounded)

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield what is below `min` or above `max`."""
        lowest, highest = field.options.get("min"), field.options.get("max")
        if lowest is not None and Decimal(value) < Decimal(str(lowest)):
            yield Problem(path, "too_small", _("Must be at least {least}.", least=lowest))
        if highest is not None and Decimal(value) > Decimal(str(highest)):
            yield Problem(path, "too_large", _("Must be at most {most}.", most=highest))

    def filter_values(self, value: Any, field: FieldDefinition) -> list[FilterValue]:
        """Return the number."""
        return [] if value is None else [FilterValue(number=Decimal(value))]

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return an integer with its limits, or a decimal string."""
        decimals = field.options.get("decimals", 0)
        if decimals:
            return {"type": "string", "pattern": rf"^-?\d+\.\d{{{decimals}}}$"}
        names = {"min": "minimum", "max": "maximum"}
        return {"type": "integer"} | {names[name]: field.options[name] for name in names if name in field.options}


def _decimal(value: Any, path: str) -> Decimal:
    try:
        number = Decimal(str(value).strip()) if isinstance(value, int | float | str | Decimal) else None
    except InvalidOperation:
        number = None
    if number is None or isinstance(value, bool) or not number.is_finite():
        raise refuse(path, "not_a_number", _("Must be a number, such as 12 or 12.5."))
    if abs(number) >= LIMIT:
        raise refuse(path, "too_large", _("Must have at most 15 digits before the point."))
    return number
