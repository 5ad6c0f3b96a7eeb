"""Which rules does Prometheus evaluate? Those that measure objectives with their alerts, and the standing alerts. Pure.

An alert stands in the group that records what it reads: it never looks at values of another round.
"""

from typing import Any

from reliability.slo import burning, standing
from reliability.slo.alert import Alert
from reliability.slo.expressions import bad_events, events
from reliability.slo.objectives import Catalogue, Objective
from reliability.slo.windows import BUDGET, DAY, FAST, SLOW, STEP, Scale, label

FAST_SECONDS = 30
"""How often what pages depend on is evaluated."""
TRUE_TIME = Scale()
Rule = dict[str, Any]


def of_objectives(catalogue: Catalogue, scale: Scale = TRUE_TIME) -> Rule:
    """Give the file of objectives: for each a group that is evaluated often, and one every five minutes."""
    groups = []
    for each in catalogue.objectives:
        calls = [burning.page(each), burning.silent(each, scale)]
        fast = [*_fast(each, scale), *_written(calls, catalogue, scale)]
        slow = [*_slow(each, scale), *_written([burning.ticket(each)], catalogue, scale)]
        groups += [_group(f"slo-{each.name}-burn", FAST_SECONDS, fast, scale)]
        groups += [_group(f"slo-{each.name}-budget", STEP, slow, scale)]
    return {"groups": groups}


def standing_alerts(catalogue: Catalogue, scale: Scale = TRUE_TIME) -> Rule:
    """Give the file of the other alerts."""
    rules = _written(standing.alerts(catalogue, scale), catalogue, scale)
    return {"groups": [_group("standing-alerts", FAST_SECONDS, rules, scale)]}


def all_alerts(catalogue: Catalogue) -> list[Alert]:
    """Give every alert there is."""
    return [*burning.alerts(catalogue, TRUE_TIME), *standing.alerts(catalogue, TRUE_TIME)]


def _fast(objective: Objective, scale: Scale) -> list[Rule]:
    windows = [rule for each in FAST for rule in _window(objective, each, scale)]
    return [*windows, _record("slo:objective:ratio", f"vector({objective.percent / 100:.10g})", objective)]


def _window(objective: Objective, window: int, scale: Scale) -> list[Rule]:
    """Record events, bad ones, and their share: nothing without traffic, 0 with traffic and no errors."""
    known, lasting, of = label(window), scale(window), f'{{slo="{objective.name}"}}'
    total, bad = f"slo:events:increase{known}", f"slo:bad_events:increase{known}"
    return [
        _record(total, events(objective.indicator, lasting), objective),
        _record(bad, bad_events(objective.indicator, lasting, counted=total + of), objective),
        _record(f"slo:bad_ratio:rate{known}", f"{bad}{of} / ({total}{of} > 0)", objective),
    ]


def _slow(objective: Objective, scale: Scale) -> list[Rule]:
    """Add up sums of five minutes: a mean of ratios would weigh a quiet night like a busy noon."""
    step, of = scale(STEP), f'{{slo="{objective.name}"}}'
    total, bad = f"slo:events:sum{label(STEP)}", f"slo:bad_events:sum{label(STEP)}"
    sums = [
        _record(total, events(objective.indicator, step), objective),
        _record(bad, bad_events(objective.indicator, step, counted=total + of), objective),
    ]
    ratios = [
        _record(f"slo:bad_ratio:rate{label(each)}", _share(bad + of, total + of, scale(each), by="region"), objective)
        for each in SLOW
    ]
    in_three_days = _record("slo:bad_events:sum3d", f"sum_over_time({bad}{of}[{scale(3 * DAY)}])", objective)
    left = f"1 - {_share(bad + of, total + of, scale(BUDGET), by='slo')} / {objective.budget:g}"
    return [*sums, *ratios, in_three_days, _record("slo_error_budget_remaining_ratio", left, objective)]


def _share(bad: str, total: str, window: str, *, by: str) -> str:
    return f"sum by ({by}) (sum_over_time({bad}[{window}])) / (sum by ({by}) (sum_over_time({total}[{window}])) > 0)"


def _record(name: str, expression: str, objective: Objective) -> Rule:
    return {"record": name, "expr": expression, "labels": {"slo": objective.name}}


def _group(name: str, seconds: int, rules: list[Rule], scale: Scale) -> Rule:
    return {"name": name, "interval": scale(seconds), "rules": rules}


def _written(alerts: list[Alert], catalogue: Catalogue, scale: Scale) -> list[Rule]:
    return [alert.as_rule(scale=scale, runbooks=catalogue.runbooks) for alert in alerts]
