"""How does a rule look as rows of a form, and which rule do rows make? Pure.

The rows know a part of what rules can say: conditions on one attribute, joined by "and", each with a variant; then a
variant, a split into two or nothing for everybody else. A rule is shown as rows only if they would make exactly that
rule again; any other stays as JSON.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from reliability.flags.validation import Attributes
from reliability.flags.validation.faults import Kind

AND = "&"
"""Served by a row whose condition must hold together with that of the next row."""
SHARE = "%"
"""Everybody else is split."""
HUNDRED = 100
COMPARISONS = {"is": "==", "is_not": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
TEXTS = {"starts": "starts_with", "ends": "ends_with"}
OPERATORS = (*COMPARISONS, "one_of", "has", *TEXTS, "version")


@dataclass
class RuleRow:
    """A condition on an attribute, and the variant that is served where it holds (`AND`: and the next row too)."""

    attribute: str = ""
    operator: str = "is"
    value: str = ""
    serve: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.attribute


@dataclass
class VariantRow:
    """A variant; the value is JSON, or a text as it stands."""

    name: str = ""
    value: str = ""


@dataclass
class Rows:
    """A flagd flag as rows. `rest` is a variant, SHARE, or "" for the default variant."""

    variants: list[VariantRow] = field(default_factory=list)
    default: str = ""
    is_enabled: bool = True
    rules: list[RuleRow] = field(default_factory=list)
    rest: str = ""
    share: str = ""
    other: str = ""
    percent: int = 0


def definition_of(rows: Rows, attributes: Attributes, *, base: Mapping[str, Any]) -> dict[str, Any]:
    """Make a flagd flag out of rows; members that rows do not know are those of `base`."""
    made = {
        **base,
        "state": "ENABLED" if rows.is_enabled else "DISABLED",
        "variants": {each.name: _value(each.value) for each in rows.variants if each.name},
        "defaultVariant": rows.default,
        "targeting": _targeting(rows, attributes),
    }
    return {name: value for name, value in made.items() if value not in (None, "")}


def rows_of(definition: Mapping[str, Any], attributes: Attributes) -> Rows | None:
    """Show a flagd flag as rows; None when rows cannot say what it says."""
    try:
        rows = _read(definition)
        made = definition_of(rows, attributes, base=definition)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None
    is_flat = all(isinstance(each.serve, str) for each in rows.rules)
    return rows if is_flat and made == _plain(definition) else None


def row_of_branch(rows: Sequence[RuleRow], place: int) -> int:
    """Find the row that made an argument of `if`, for faults: each branch is a condition and a variant."""
    ends = [number for number, row in enumerate(rows) if not row.is_empty and row.serve != AND]
    return ends[place // 2] if place // 2 < len(ends) else -1


def _plain(definition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in definition.items() if value not in (None, "", {}) or name == "variants"}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _text(value: Any) -> str:
    if isinstance(value, str) and _value(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _targeting(rows: Rows, attributes: Attributes) -> Any:
    branches: list[Any] = []
    open_conditions: list[Any] = []
    for row in rows.rules:
        if row.is_empty:
            continue
        open_conditions.append(_condition(row, attributes))
        if row.serve != AND:
            branches += [open_conditions[0] if len(open_conditions) == 1 else {"and": open_conditions}, row.serve]
            open_conditions = []
    rest = _rest(rows)
    if not branches:
        return rest if isinstance(rest, dict) else {"if": [True, rest]} if rest else None
    return {"if": [*branches, *([rest] if rest else [])]}


def _rest(rows: Rows) -> Any:
    if rows.rest != SHARE:
        return rows.rest or None
    return {"fractional": [[rows.share, rows.percent], [rows.other, HUNDRED - rows.percent]]}


def _condition(row: RuleRow, attributes: Attributes) -> Any:
    var, kind = {"var": row.attribute}, attributes.get(row.attribute, Kind.TEXT)
    if row.operator == "one_of":
        return {"in": [var, [_literal(each.strip(), kind) for each in row.value.split(",")]]}
    if row.operator == "has":
        return {"in": [row.value, var]}
    if row.operator == "version":
        symbols, version = _range(row.value)
        return {"sem_ver": [var, symbols, version]}
    if row.operator in TEXTS:
        return {TEXTS[row.operator]: [var, row.value]}
    return {COMPARISONS.get(row.operator, "=="): [var, _literal(row.value, kind)]}


def _range(text: str) -> tuple[str, str]:
    version = text.lstrip("<>=!^~ ")
    return text[: len(text) - len(version)].strip() or "=", version.strip()


def _literal(text: str, kind: Kind) -> Any:
    """Read a value as the attribute's kind; one that is none stays a text, which the validator then names."""
    if kind is Kind.TRUTH:
        return {"true": True, "false": False}.get(text.lower(), text)
    if kind is Kind.NUMBER:
        value = _value(text)
        return value if isinstance(value, int | float) else text
    return text


def _read(definition: Mapping[str, Any]) -> Rows:
    rows = Rows(
        variants=[VariantRow(name, _text(value)) for name, value in definition["variants"].items()],
        default=definition.get("defaultVariant") or "",
        is_enabled=definition["state"] == "ENABLED",
    )
    targeting = definition.get("targeting")
    if not targeting:
        return rows
    args = targeting.get("if", [targeting])
    for place in range(0, len(args) - 1, 2):
        if args[place] is True:
            rows.rest = args[place + 1]
            return rows
        rows.rules += _rule_rows(args[place], args[place + 1])
    if len(args) % 2:
        _read_rest(rows, args[-1])
    return rows


def _read_rest(rows: Rows, rest: Any) -> None:
    if isinstance(rest, str):
        rows.rest = rest
        return
    (rows.share, rows.percent), (rows.other, remaining) = rest["fractional"]
    if rows.percent + remaining != HUNDRED:
        raise ValueError("the weights are no percentages")
    rows.rest = SHARE


def _rule_rows(condition: Any, serve: str) -> list[RuleRow]:
    parts = condition.get("and", [condition])
    return [
        RuleRow(*_taken_apart(part), serve=serve if number == len(parts) else AND)
        for number, part in enumerate(parts, 1)
    ]


def _taken_apart(condition: Mapping[str, Any]) -> tuple[str, str, str]:
    [(symbol, args)] = condition.items()
    if symbol == "in" and isinstance(args[0], str):
        return args[1]["var"], "has", args[0]
    attribute = args[0]["var"]
    if symbol == "in":
        return attribute, "one_of", ", ".join(_word(each) for each in args[1])
    if symbol == "sem_ver":
        return attribute, "version", f"{args[1]}{args[2]}"
    names = {**COMPARISONS, **TEXTS}
    return attribute, next(name for name, each in names.items() if each == symbol), _word(args[1])


def _word(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
