"""What does a flag do, in a word, and does it do the same in every region and for every colour? Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from reliability.flags.evaluator import compile_flag
from reliability.flags.lowering import condition
from reliability.flags.snapshot import Row
from reliability.wording import say as _

HUNDRED = 100


class Glance(NamedTuple):
    """A state: the word, and its tone (`on`, `off`, `part`, `killed`)."""

    text: str
    tone: str


class Line(NamedTuple):
    """The states of one region, one for each colour."""

    region: str
    states: tuple[Glance, ...]


class Matrix(NamedTuple):
    """The states of a flag by region and colour; `same` is the only one when there is only one."""

    colours: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def same(self) -> Glance | None:
        found = self.different
        return found[0] if len(found) == 1 else None

    @property
    def different(self) -> tuple[Glance, ...]:
        """The states that there are, each once."""
        return tuple(dict.fromkeys(state for line in self.lines for state in line.states))


def matrix(
    row: Row, *, regions: Sequence[str], colours: Sequence[str], constants: Mapping[str, Any], now: datetime
) -> Matrix:
    """Give the state of a flag everywhere; `constants` are those of this process (release, environment)."""
    lines = [
        Line(region, tuple(glance(row, {**constants, "region": region, "colour": each}, now=now) for each in colours))
        for region in regions
    ]
    return Matrix(tuple(colours), tuple(lines))


def glance(row: Row, constants: Mapping[str, Any], *, now: datetime) -> Glance:
    """Say in a word what a flag does where these constants hold."""
    if row.is_archived:
        return Glance(_("archived"), "off")
    kill = row.kill
    if kill is not None and (kill.until is None or kill.until > now) and holds(condition(kill.when), constants):
        return Glance(_("killed"), "killed")
    definition = json.loads(row.definition)
    if definition.get("state") == "DISABLED":
        return Glance(_("disabled"), "off")
    live = (each for each in row.overrides if each.expires_at is None or each.expires_at > now)
    for each in live:
        if holds(condition(each.when), constants):
            return _served(each.serve, definition)
    return _served(definition.get("targeting") or None, definition)


def holds(rule: Any, context: Mapping[str, Any]) -> bool:
    """Tell whether a condition is true for a context."""
    asked = {"state": "ENABLED", "variants": {"yes": True, "no": False}, "targeting": {"if": [rule, "yes", "no"]}}
    return compile_flag("condition", asked).evaluate(False, context).value is True


def _served(rule: Any, definition: Mapping[str, Any]) -> Glance:
    if rule is None:
        rule = definition.get("defaultVariant")
    if rule is None:
        return Glance(_("as the code says"), "part")
    if isinstance(rule, dict):
        return _share(rule, definition) or Glance(_("rules"), "part")
    name = str(rule).lower() if isinstance(rule, bool) else str(rule)
    return Glance(name, _tone(definition.get("variants", {}).get(name)))


def _share(rule: Mapping[str, Any], definition: Mapping[str, Any]) -> Glance | None:
    """Say `25 %` of a rule that is a split into two and nothing else."""
    shares = rule.get("fractional")
    if not isinstance(shares, list) or not all(isinstance(each, list) and len(each) == 2 for each in shares):
        return None
    weights = [each[1] for each in shares]
    if len(shares) != 2 or not all(isinstance(each, int) for each in weights) or not sum(weights):
        return None
    text = f"{round(HUNDRED * weights[0] / sum(weights), 1):g} % {shares[0][0]}"
    return Glance(text, "part")


def _tone(value: Any) -> str:
    return "on" if value is True else "off" if value is False else "part"
