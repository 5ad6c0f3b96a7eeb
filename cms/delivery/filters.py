"""What does `filter[...]` and `order` mean in SQL? Pure: names and texts in, fragments and values out.

A value of a filterable field is a row of PublicationField. The first equality drives the list through the index of
values; everything else is checked for each row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

MAX_FILTERS = 5
MAX_VALUES = 100
DEFAULT_ORDER = "-published_at"
COMPARISONS = {"eq": "=", "ne": "<>", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
OPERATORS = (*COMPARISONS, "in", "nin", "any", "all", "none", "exists", "starts")
DOCUMENT_COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("p.document_id", "ref"),
    "parent": ("p.parent_id", "ref"),
    "path": ("p.url_path", "text"),
    "translation_key": ("p.translation_key", "ref"),
    "published_at": ("p.published_at", "time"),
    "updated_at": ("p.updated_at", "time"),
}
ORDER_COLUMNS = {
    "published_at": "p.published_at",
    "updated_at": "p.updated_at",
    "title": "p.title",
    "tree": "p.order_key",
}


class FilterRefused(ValueError):
    """A filter or an order cannot be used; `parameter` names it."""

    def __init__(self, parameter: str, message: str, *, kind: str = "invalid-parameter") -> None:
        self.parameter, self.message, self.kind = parameter, message, kind
        super().__init__(f"{parameter}: {message}")


@dataclass(frozen=True)
class Condition:
    """A fragment of SQL: a join in front of the conditions, or a condition, each with its values."""

    where: str = ""
    values: tuple[Any, ...] = ()
    join: str = ""
    _join_values: tuple[Any, ...] = ()

    def join_values(self, locale_id: UUID) -> tuple[Any, ...]:
        """Give the values of the join for one locale's branch of the list."""
        return (*self._join_values[:2], locale_id, *self._join_values[2:])


@dataclass(frozen=True)
class Order:
    """What a list is ordered by."""

    expression: str
    descending: bool
    join: str = ""
    _join_values: tuple[Any, ...] = ()
    column: str = "time"

    @property
    def direction(self) -> str:
        return "DESC" if self.descending else "ASC"

    @property
    def comparison(self) -> str:
        return "<" if self.descending else ">"

    def join_values(self, locale_id: UUID) -> tuple[Any, ...]:
        """Give the values of the join for one locale's branch of the list."""
        return (*self._join_values[:2], locale_id)


@dataclass(frozen=True)
class Wanted:
    """One `filter[field][operator]=value` as the client wrote it."""

    parameter: str
    field: str
    operator: str
    value: str


def type_condition(types: Sequence[str]) -> Condition:
    """Keep only documents of the given types."""
    if len(types) == 1:
        return Condition("p.type_key = %s", (types[0],))
    return Condition(f"p.type_key IN ({_marks(types)})", tuple(types))


def conditions(wanted: Sequence[Wanted], *, types: Sequence[str], filterable: Mapping[str, str]) -> list[Condition]:
    """Turn filters into conditions; `filterable` maps field keys to their column. Raises FilterRefused."""
    if len(wanted) > MAX_FILTERS:
        raise FilterRefused(wanted[MAX_FILTERS].parameter, f"At most {MAX_FILTERS} filters at once.")
    built: list[Condition] = []
    for each in wanted:
        can_drive = not any(condition.join for condition in built)
        built.append(_condition(each, types, filterable, can_drive=can_drive))
    return built


def order(name: str, *, types: Sequence[str], filterable: Mapping[str, str]) -> Order:
    """Turn an order into SQL. Raises FilterRefused for a field that cannot order."""
    key, descending = name.removeprefix("-"), name.startswith("-")
    if key in ORDER_COLUMNS:
        return Order(ORDER_COLUMNS[key], descending, column="time" if key.endswith("_at") else "text")
    if key in filterable:
        column = filterable[key]
        join = (
            "JOIN cms_delivery_publicationfield o ON o.publication_id = p.id AND o.type_key = %s AND o.field = %s"
            f" AND o.locale_id = %s AND o.{column} IS NOT NULL"
        )
        _one_type(types, "order", key)
        return Order(f"o.{column}", descending, join, (types[0], key), column)
    raise FilterRefused("order", _choices(key, {*ORDER_COLUMNS, *filterable}), kind="filter-not-allowed")


def _condition(wanted: Wanted, types: Sequence[str], filterable: Mapping[str, str], *, can_drive: bool) -> Condition:
    if wanted.operator not in OPERATORS:
        raise FilterRefused(wanted.parameter, f"No such operator; use one of: {', '.join(OPERATORS)}.")
    if wanted.field == "refers_to":
        return _refers_to(wanted)
    if wanted.field in DOCUMENT_COLUMNS:
        expression, column = DOCUMENT_COLUMNS[wanted.field]
        where, values = _compare(wanted, expression, column)
        return Condition(where, values)
    if wanted.field not in filterable:
        choices = {*DOCUMENT_COLUMNS, "refers_to", *filterable}
        hint = "" if types else " Fields of a type need the parameter `type`."
        raise FilterRefused(wanted.parameter, _choices(wanted.field, choices) + hint, kind="filter-not-allowed")
    return _field_condition(wanted, types, filterable[wanted.field], can_drive=can_drive)


def _field_condition(wanted: Wanted, types: Sequence[str], column: str, *, can_drive: bool) -> Condition:
    if wanted.operator == "eq" and can_drive and len(types) == 1:
        _, values = _compare(wanted, f"f.{column}", column)
        join = (
            "JOIN cms_delivery_publicationfield f ON f.publication_id = p.id AND f.type_key = %s AND f.field = %s"
            f" AND f.locale_id = %s AND f.{column} = %s"
        )
        return Condition(join=join, _join_values=(types[0], wanted.field, *values))
    own = "SELECT 1 FROM cms_delivery_publicationfield v WHERE v.publication_id = p.id AND v.field = %s"
    if wanted.operator == "exists":
        return Condition(f"{'' if _flag(wanted) else 'NOT '}EXISTS ({own})", (wanted.field,))
    if wanted.operator in ("ne", "nin", "none"):
        positive = Wanted(wanted.parameter, wanted.field, "in", wanted.value)
        where, values = _compare(positive, f"v.{column}", column)
        return Condition(f"NOT EXISTS ({own} AND {where})", (wanted.field, *values))
    if wanted.operator == "all":
        parts = [_compare(Wanted(wanted.parameter, "", "eq", each), f"v.{column}", column) for each in _split(wanted)]
        where = " AND ".join(f"EXISTS ({own} AND {part})" for part, _ in parts)
        return Condition(where, tuple(value for _, values in parts for value in (wanted.field, *values)))
    where, values = _compare(wanted, f"v.{column}", column)
    return Condition(f"EXISTS ({own} AND {where})", (wanted.field, *values))


def _refers_to(wanted: Wanted) -> Condition:
    if wanted.operator not in ("eq", "in", "any"):
        raise FilterRefused(wanted.parameter, "Use eq or in with translation keys.")
    values = [_uuid(each, wanted.parameter) for each in _split(wanted)]
    targets = "SELECT 1 FROM cms_delivery_publicationreference r WHERE r.publication_id = p.id AND r.target"
    where = f"{targets} IN ({_marks(values)})"
    return Condition(f"EXISTS ({where})", tuple(values))


def _compare(wanted: Wanted, expression: str, column: str) -> tuple[str, tuple[Any, ...]]:
    read = _READERS[column]
    if wanted.operator in COMPARISONS:
        return f"{expression} {COMPARISONS[wanted.operator]} %s", (read(wanted.value, wanted.parameter),)
    if wanted.operator in ("in", "any", "nin", "none"):
        values = tuple(read(each, wanted.parameter) for each in _split(wanted))
        negation = "NOT " if wanted.operator in ("nin", "none") else ""
        return f"{expression} {negation}IN ({_marks(values)})", values
    if wanted.operator == "exists":
        return f"{expression} IS {'NOT ' if _flag(wanted) else ''}NULL", ()
    if wanted.operator == "starts" and column == "text":
        escaped = wanted.value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        return f"{expression} LIKE %s ESCAPE '\\'", (f"{escaped}%",)
    raise FilterRefused(wanted.parameter, f"The operator {wanted.operator} does not fit this field.")


def _split(wanted: Wanted) -> list[str]:
    values = wanted.value.split(",")
    if len(values) > MAX_VALUES:
        raise FilterRefused(wanted.parameter, f"At most {MAX_VALUES} values.")
    return values


def _flag(wanted: Wanted) -> bool:
    if wanted.value not in ("true", "false"):
        raise FilterRefused(wanted.parameter, "Use true or false.")
    return wanted.value == "true"


def _one_type(types: Sequence[str], parameter: str, key: str) -> None:
    if len(types) != 1:
        raise FilterRefused(parameter, f"Ordering by {key} needs exactly one `type`.")


def _choices(key: str, choices: set[str]) -> str:
    return f"{key!r} is not available; choose from: {', '.join(sorted(choices))}."


def _marks(values: Sequence[Any]) -> str:
    return ", ".join("%s" for _ in values)


def _uuid(text: str, parameter: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise FilterRefused(
            parameter, f"{text[:60]!r} is not an id; ids look like 0192f0aa-7c1e-7b4e-8a55-3f1d9f3f6c02."
        ) from None


def _number(text: str, parameter: str) -> Decimal:
    if text in ("true", "false"):
        return Decimal(text == "true")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise FilterRefused(parameter, f"{text[:60]!r} is not a number.") from None
    if not number.is_finite() or abs(number.adjusted()) > 20:
        raise FilterRefused(parameter, f"{text[:60]!r} is out of range.")
    return number


def _time(text: str, parameter: str) -> datetime:
    try:
        parsed = datetime.combine(date.fromisoformat(text), time()) if len(text) == 10 else datetime.fromisoformat(text)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        raise FilterRefused(parameter, f"{text[:60]!r} is not a date or time; write 2026-11-02T08:00:00Z.") from None


def _text(text: str, parameter: str) -> str:
    if "\x00" in text:
        raise FilterRefused(parameter, "A zero byte cannot be part of a text.")
    return text


_READERS: dict[str, Callable[[str, str], Any]] = {"text": _text, "number": _number, "time": _time, "ref": _uuid}


def read_order_value(value: str | int | float | None, column: str) -> Any:
    """Read an order value out of a cursor. Raises FilterRefused for one that does not fit."""
    return _READERS[column](str(value), "cursor")
