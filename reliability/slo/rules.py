"""Which rules does Prometheus evaluate? Recording rules of the objectives, and all alerts. Pure."""

from typing import Any

from reliability.slo import burning, standing
from reliability.slo.alert import Alert
from reliability.slo.expressions import bad_ratio, events, some_bad_events
from reliability.slo.objectives import Catalogue, Objective
from reliability.slo.windows import BUDGET, DAY, FAST, HOUR, SLOW, STEP, Scale, label

FAST_SECONDS = 30
"""How often the windows of the pages are evaluated."""
Rule = dict[str, Any]


def recording(catalogue: Catalogue, scale: Scale = Scale()) -> Rule:  # noqa: B008 - it is a frozen value
    """Give the file of recording rules: two groups for each objective, evaluated often and every five minutes."""
    groups = []
    for each in catalogue.objectives:
        fast, slow = f"slo-{each.name}-burn", f"slo-{each.name}-budget"
        groups += [_group(fast, FAST_SECONDS, _fast(each, scale), scale), _group(slow, STEP, _slow(each, scale), scale)]
    return {"groups": groups}


def alerting(catalogue: Catalogue, scale: Scale = Scale()) -> Rule:  # noqa: B008
    """Give the file of alerts: those of objectives, and the few others."""
    of_objectives, others = burning.alerts(catalogue, scale), standing.alerts(catalogue, scale)
    return {
        "groups": [
            _group("slo-alerts", FAST_SECONDS, _written(of_objectives, catalogue, scale), scale),
            _group("standing-alerts", FAST_SECONDS, _written(others, catalogue, scale), scale),
        ]
    }


def all_alerts(catalogue: Catalogue, scale: Scale = Scale()) -> list[Alert]:  # noqa: B008
    """Give every alert there is."""
    return [*burning.alerts(catalogue, scale), *standing.alerts(catalogue, scale)]


def _fast(objective: Objective, scale: Scale) -> list[Rule]:
    ratios = [
        _record(f"slo:bad_ratio:rate{label(each)}", bad_ratio(objective.indicator, scale(each)), objective)
        for each in FAST
    ]
    bad = _record("slo:bad_events:increase1h", some_bad_events(objective.indicator, scale(HOUR)), objective)
    return [*ratios, bad, _record("slo:objective:ratio", f"vector({objective.percent / 100:.10g})", objective)]


def _slow(objective: Objective, scale: Scale) -> list[Rule]:
    """Add up sums of five minutes: a mean of ratios would weigh a quiet night like a busy noon."""
    named, step = f'{{slo="{objective.name}"}}', scale(STEP)
    bad, total = f"slo:bad_events:increase5m{named}", f"slo:events:increase5m{named}"
    sums = [
        _record("slo:bad_events:increase5m", some_bad_events(objective.indicator, step), objective),
        _record("slo:events:increase5m", events(objective.indicator, step), objective),
    ]
    ratios = [
        _record(f"slo:bad_ratio:rate{label(each)}", _share(bad, total, scale(each), by="slo, region"), objective)
        for each in SLOW
    ]
    in_three_days = _record("slo:bad_events:increase3d", f"sum_over_time({bad}[{scale(3 * DAY)}])", objective)
    left = f"1 - {_share(bad, total, scale(BUDGET), by='slo')} / {objective.budget:g}"
    return [*sums, *ratios, in_three_days, _record("slo_error_budget_remaining_ratio", left, objective)]


def _share(bad: str, total: str, window: str, *, by: str) -> str:
    return f"sum by ({by}) (sum_over_time({bad}[{window}])) / (sum by ({by}) (sum_over_time({total}[{window}])) > 0)"


def _record(name: str, expression: str, objective: Objective) -> Rule:
    return {"record": name, "expr": expression, "labels": {"slo": objective.name}}


def _group(name: str, seconds: int, rules: list[Rule], scale: Scale) -> Rule:
    return {"name": name, "interval": scale(seconds), "rules": rules}


def _written(alerts: list[Alert], catalogue: Catalogue, scale: Scale) -> list[Rule]:
    return [alert.as_rule(scale=scale, runbooks=catalogue.runbooks) for alert in alerts]
