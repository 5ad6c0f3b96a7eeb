"""What do overrides and kills make of a definition? One plain flagd flag that any client understands. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

AXES = ("region", "colour", "release", "environment")
RANGE = re.compile(r"\s*(>=|<=|!=|=|<|>|\^|~)?\s*(\S+)\s*")


@dataclass(frozen=True)
class Override:
    """Somewhere a flag serves something else than its rules say; axes are joined by AND, the first match wins."""

    id: str
    when: Mapping[str, Sequence[str]]
    """Allowed values by axis; for `release` version ranges, all of which must hold. Empty: everywhere."""
    serve: Any
    """A variant, or a rule that gives one."""
    reason: str = ""
    expires_at: datetime | None = None


def lower(definition: Mapping[str, Any], overrides: Sequence[Override], *, now: datetime) -> dict[str, Any]:
    """Write overrides that have not expired as rules in front of the definition's own."""
    live = [each for each in overrides if each.expires_at is None or each.expires_at > now]
    if not live:
        return dict(definition)
    branches: list[Any] = []
    for each in live:
        branches += [condition(each.when), each.serve]
    return {**definition, "targeting": {"if": [*branches, definition.get("targeting") or None]}}


def condition(when: Mapping[str, Sequence[str]]) -> Any:
    """Write the circumstances of an override as a rule."""
    parts = [part for axis in AXES if axis in when for part in _axis(axis, when[axis])]
    return parts[0] if len(parts) == 1 else {"and": parts} if parts else True


def killed(definition: Mapping[str, Any], variant: str) -> dict[str, Any]:
    """Write a flag that serves its kill variant to everybody, for exports; here a kill is looked up live."""
    rest = {name: value for name, value in definition.items() if name != "targeting"}
    return {**rest, "state": "ENABLED", "defaultVariant": variant}


def never_matches(overrides: Sequence[Override]) -> list[str]:
    """List the ids of overrides that can never match, because one in front of them matches all that they do."""
    hidden: list[str] = []
    for place, each in enumerate(overrides):
        if any(_covers(earlier.when, each.when) for earlier in overrides[:place] if earlier.expires_at is None):
            hidden.append(each.id)
    return hidden


def _axis(axis: str, values: Sequence[str]) -> list[Any]:
    if axis != "release":
        return [{"in": [{"var": axis}, list(values)]}]
    found = [RANGE.fullmatch(value) for value in values]
    return [{"sem_ver": [{"var": axis}, match[1] or "=", match[2]]} for match in found if match]


def _covers(wide: Mapping[str, Sequence[str]], narrow: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether everything that `narrow` allows is allowed by `wide`; release ranges only when they are the same."""
    for axis, values in wide.items():
        if axis not in narrow:
            return False
        if axis == "release":
            if not set(values) <= set(narrow[axis]):
                return False
        elif not set(narrow[axis]) <= set(values):
            return False
    return True
