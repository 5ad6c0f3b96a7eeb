"""What do the JSON columns of a flag mean? Overrides and kills, read and written. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from reliability.flags.lowering import AXES, RANGE, Override, never_matches
from reliability.flags.semver import parse
from reliability.flags.validation import Attributes, Fault
from reliability.flags.validation.operators import rule_check
from reliability.wording import say as _


@dataclass(frozen=True, slots=True)
class Kill:
    """A flag that is switched off: where (as in overrides), and until when."""

    when: Mapping[str, Sequence[str]]
    until: datetime | None = None
    reason: str = ""


def read_overrides(rows: Sequence[Mapping[str, Any]]) -> tuple[Override, ...]:
    """Read stored overrides, which were checked when they were written."""
    return tuple(
        Override(
            str(row["id"]), dict(row.get("when") or {}), row.get("serve"), row.get("reason", ""),
            _moment(row.get("expires_at")),
        )
        for row in rows
    )  # fmt: skip


def read_kill(row: Mapping[str, Any] | None) -> Kill | None:
    """Read a stored kill; None when the flag is not killed."""
    if row is None:
        return None
    return Kill(dict(row.get("when") or {}), _moment(row.get("until")), row.get("reason", ""))


def with_ids(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give every override an id, by which actions address it."""
    return [{**row, "id": row.get("id") or uuid4().hex[:12]} for row in rows]


def check_overrides(rows: Any, variants: Mapping[str, Any], attributes: Attributes, *, path: str) -> list[Fault]:
    """List what is wrong with overrides, before they are stored."""
    if not isinstance(rows, list):
        return [Fault(path, _("must be a list"))]
    faults: list[Fault] = []
    for place, row in enumerate(rows):
        where = f"{path}[{place}]"
        if not isinstance(row, dict) or "serve" not in row:
            faults.append(Fault(where, _('must be an object with "when" and "serve"')))
            continue
        faults += check_when(row.get("when") or {}, path=f"{where}.when")
        walk = rule_check(attributes, frozenset(variants))
        walk.variant(row["serve"], f"{where}.serve")
        faults += walk.faults
        faults += _check_moment(row.get("expires_at"), f"{where}.expires_at")
    if not faults:
        numbered = [{**row, "id": str(place)} for place, row in enumerate(rows)]
        faults = [
            Fault(f"{path}[{place}]", _("never matches: one before it matches all that it does"))
            for place in never_matches(read_overrides(numbered))
        ]
    return faults


def check_when(when: Any, *, path: str) -> list[Fault]:
    """List what is wrong with the circumstances of an override or a kill."""
    if not isinstance(when, dict):
        return [Fault(path, _('must be an object, such as {"region": ["eu-west"]}'))]
    faults: list[Fault] = []
    for axis, values in when.items():
        if axis not in AXES:
            faults.append(Fault(f"{path}.{axis}", _("no such axis; there are: {known}", known=", ".join(AXES))))
        elif not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            faults.append(Fault(f"{path}.{axis}", _("must be a list of texts, with at least one")))
        elif axis == "release":
            faults += [
                Fault(f"{path}.release", _('{value!r} is no range of versions; write it like ">=2.4.0"', value=value))
                for value in values
                if not (match := RANGE.fullmatch(value)) or parse(match[2]) is None
            ]
    return faults


def _check_moment(value: Any, path: str) -> list[Fault]:
    try:
        moment = _moment(value)
    except (ValueError, TypeError):
        return [Fault(path, _("must be a date and time, such as 2026-12-31T12:00:00+00:00"))]
    if moment is not None and moment.tzinfo is None:
        return [Fault(path, _("a time needs a zone, such as +00:00"))]
    return []


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
