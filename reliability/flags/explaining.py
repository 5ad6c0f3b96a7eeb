"""Why does somebody get what they get? A flag asked as it is stored, and what in it decided. Pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from reliability.flags.evaluator import Reason, compile_flag
from reliability.flags.glance import holds
from reliability.flags.lowering import condition
from reliability.flags.snapshot import Row


class Explanation(NamedTuple):
    """An answer, and what decided: `kill`, `override`, `rule`, `rest`, `default`, `disabled` or `error`."""

    value: Any
    variant: str | None
    reason: Reason
    because: str
    number: int = 0
    """Which override or rule, from 1."""
    rule: Any = None
    """The condition that held, as JSONLogic; None where there is none."""


def explain(row: Row, context: Mapping[str, Any], *, now: datetime) -> Explanation:
    """Answer for a context at a time; region, colour, release and environment are part of the context."""
    definition = json.loads(row.definition)
    variants = definition.get("variants") or {}
    kill = row.kill
    if kill is not None and (kill.until is None or kill.until > now) and holds(condition(kill.when), context):
        return Explanation(variants.get(row.kill_variant), row.kill_variant, Reason.DISABLED, "kill")
    for number, each in enumerate(row.overrides, 1):
        is_live = each.expires_at is None or each.expires_at > now
        if is_live and definition.get("state") != "DISABLED" and holds(condition(each.when), context):
            return _asked(row.key, definition, each.serve, context, now, ("override", number, condition(each.when)))
    targeting = definition.get("targeting") or None
    return _asked(row.key, definition, targeting, context, now, _branch(targeting, context))


def _asked(
    key: str,
    definition: Mapping[str, Any],
    rule: Any,
    context: Mapping[str, Any],
    now: datetime,
    why: tuple[str, int, Any],
) -> Explanation:
    targeting = {"if": [True, rule]} if isinstance(rule, str) else rule
    found = compile_flag(key, {**definition, "targeting": targeting}, clock=now.timestamp).evaluate(None, context)
    because, number, condition_held = why
    if found.reason in (Reason.STATIC, Reason.DEFAULT):
        because, number, condition_held = "default", 0, None
    elif found.reason is Reason.DISABLED:
        because, number, condition_held = "disabled", 0, None
    elif found.reason is Reason.ERROR:
        because = "error"
    return Explanation(found.value, found.variant, found.reason, because, number, condition_held)


def _branch(targeting: Any, context: Mapping[str, Any]) -> tuple[str, int, Any]:
    """Find the first condition of the outermost `if` that holds; without one the rest decided."""
    args = targeting.get("if") if isinstance(targeting, dict) else None
    if isinstance(args, list):
        for place in range(0, len(args) - 1, 2):
            if holds(args[place], context):
                return "rule", place // 2 + 1, args[place]
    return "rest", 0, None
