"""How much may still go wrong, and how fast is it used up? Pure."""

from reliability.slo.dashboards.builder import Dashboard, Panel, Query, Row
from reliability.slo.dashboards.promql import select


def dashboard(service: str) -> Dashboard:
    """Give the page of error budgets."""
    return Dashboard(
        uid=f"{service}-budget",
        title="Error budget",
        description="Objectives, budgets of 30 days, and the rate at which they burn. 1 uses a budget up in 30 days.",
        rows=(_budget(), _burn()),
    )


def _budget() -> Row:
    return Row(
        "Budget",
        (
            Panel(
                "Budget left",
                "Share of the month's budget; below 0 the objective is missed.",
                "percentunit",
                (Query("min by (slo) (slo_error_budget_remaining_ratio)", "{{slo}}"),),
                kind="stat",
                width=12,
            ),
            Panel(
                "Objective",
                "Share of events that must be good.",
                "percentunit",
                (Query("min by (slo) (slo:objective:ratio)", "{{slo}}"),),
                kind="stat",
                width=12,
            ),
            Panel(
                "Budget left over time",
                "A step down is an incident.",
                "percentunit",
                (Query("min by (slo) (slo_error_budget_remaining_ratio)", "{{slo}}"),),
                width=24,
            ),
        ),
    )


def _burn() -> Row:
    hour = "Pages at 14.4, together with the last five minutes."
    day = "A ticket at 3, together with the last two hours."
    return Row(
        "Burn",
        (
            Panel("Burn of the last hour", hour, "short", (_rate("1h"),)),
            Panel(
                "Burn of the last six hours", "Pages at 6, together with the last half hour.", "short", (_rate("6h"),)
            ),
            Panel("Burn of the last day", day, "short", (_rate("1d"),)),
            Panel(
                "Bad events",
                "Of the last hour; fewer than the objective's minimum call nobody.",
                "short",
                (Query(f"sum by (slo, region) ({select('slo:bad_events:increase1h')})", "{{slo}} {{region}}"),),
                width=12,
            ),
            Panel(
                "Events",
                "Of the last hour.",
                "short",
                (Query(f"sum by (slo, region) ({select('slo:events:increase1h')})", "{{slo}} {{region}}"),),
                width=12,
            ),
        ),
    )


def _rate(window: str) -> Query:
    ratio = select(f"slo:bad_ratio:rate{window}")
    return Query(f"{ratio} / on (slo) group_left () (1 - slo:objective:ratio)", "{{slo}} {{region}}")
