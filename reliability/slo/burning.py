"""When is an error budget burning, and when is there no telling? The alerts of objectives. Pure."""

from collections.abc import Sequence

from reliability.slo import expressions
from reliability.slo.alert import Alert, Severity
from reliability.slo.objectives import Catalogue, Objective, Probed
from reliability.slo.windows import HOUR, MINUTE, PAGE, TICKET, Pair, Scale, label

REGION = "{{ if $labels.region }} in {{ $labels.region }}{{ end }}"


def page(objective: Objective) -> Alert:
    """Call somebody: at this rate the month's budget is gone within five days, or two."""
    return Alert(
        name=f"{objective.alert_prefix}Page",
        expression=_burning(objective, PAGE, f'slo:bad_events:increase1h{{slo="{objective.name}"}}'),
        severity=Severity.PAGE,
        summary=f"{objective.title}: the error budget burns fast{REGION}",
        description=_description(objective, "at least six times too fast"),
        labels=_labels(objective),
    )


def ticket(objective: Objective) -> Alert:
    """Leave a note: the budget will not last the month."""
    return Alert(
        name=f"{objective.alert_prefix}Ticket",
        expression=_burning(objective, TICKET, f'slo:bad_events:sum3d{{slo="{objective.name}"}}'),
        severity=Severity.TICKET,
        summary=f"{objective.title}: the error budget burns{REGION}",
        description=_description(objective, "faster than it may"),
        labels=_labels(objective),
    )


def silent(objective: Objective, scale: Scale) -> Alert:
    """Call somebody when nothing is counted any more, anywhere or in one region: silence is no success."""
    found = f"group by (region) ({expressions.series(objective.indicator)})"
    before = f"group by (region) ({expressions.series(objective.indicator)} offset {scale(HOUR)})"
    return Alert(
        name="SloSilent",
        expression=f"absent({expressions.series(objective.indicator)}) or ({before} unless {found})",
        # Without the view from outside, the views from inside still call somebody.
        severity=Severity.TICKET if isinstance(objective.indicator, Probed) else Severity.PAGE,
        summary=f"{objective.title}: nothing is measured any more{REGION}",
        description="The series of this objective are gone: nobody would notice an outage.",
        lasting_seconds=5 * MINUTE,
        labels=_labels(objective),
    )


def alerts(catalogue: Catalogue, scale: Scale) -> list[Alert]:
    """Give the alerts of all objectives."""
    return [
        alert
        for objective in catalogue.objectives
        for alert in (page(objective), ticket(objective), silent(objective, scale))
    ]


def _burning(objective: Objective, pairs: Sequence[Pair], bad_events: str) -> str:
    """Any of the pairs burns, and enough happened: one error among thirty requests is no reason to wake up."""
    burns = "\n  or\n".join(_pair(objective, pair) for pair in pairs)
    return f"(\n{burns}\n)\nand {bad_events} >= {objective.min_bad_events}"


def _pair(objective: Objective, pair: Pair) -> str:
    limit = f"{pair.factor:g} * {objective.budget:g}"
    names = (f"slo:bad_ratio:rate{label(each)}" for each in (pair.long, pair.short))
    windows = (f'{name}{{slo="{objective.name}"}} > {limit}' for name in names)
    return "  (" + " and ".join(windows) + ")"


def _labels(objective: Objective) -> dict[str, str]:
    return {"slo": objective.name, "owner": objective.owner}


def _description(objective: Objective, how: str) -> str:
    share = "{{ $value | humanizePercentage }}"
    return f"{share} of the events were bad; {objective.percent:g} % must be good. The budget burns {how}."
