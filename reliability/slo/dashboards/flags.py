"""Which flags are served, how fresh are they, and what do they answer? Pure."""

from reliability.slo.dashboards.builder import Dashboard, Panel, Query, Row
from reliability.slo.dashboards.promql import highest, quantile, rate, select, top


def dashboard(service: str) -> Dashboard:
    """Give the page of flags."""
    return Dashboard(
        uid=f"{service}-flags",
        title="Flags",
        description="Versions, freshness, kills and answers.",
        rows=(_state(), _answers()),
    )


def _state() -> Row:
    version = f"min by (region) ({select('flags_snapshot_version')})"
    return Row(
        "State",
        (
            Panel(
                "Version",
                "The oldest that a process of each region serves; the lines should be one.",
                "short",
                (Query(version, "{{region}}"),),
            ),
            Panel(
                "Age",
                "Seconds since the flags were last known to be current.",
                "s",
                (Query(highest("flags_snapshot_age_seconds", by="region"), "{{region}}"),),
            ),
            Panel(
                "Killed flags",
                "By where the kill comes from.",
                "short",
                (Query(highest("flags_kills_active", by="source"), "{{source}}"),),
            ),
            Panel(
                "Sources",
                "1 where a source could be read.",
                "short",
                (Query(f"min by (source) ({select('flags_source_up')})", "{{source}}"),),
            ),
            Panel(
                "Quarantined",
                "Flags whose newest definition does not compile; the former one is served.",
                "short",
                (Query(highest("flags_quarantined", by="region"), "{{region}}"),),
            ),
            Panel(
                "Time to arrive",
                "p95 from a change to its use in a process.",
                "s",
                (Query(quantile(0.95, "flags_propagation_seconds", by="region"), "{{region}}"),),
            ),
        ),
    )


def _answers() -> Row:
    asked = top(rate("flags_evaluations_total", by="flag, variant"))
    return Row(
        "Answers",
        (
            Panel("Answers", "A second; the ten most asked.", "ops", (Query(asked, "{{flag}} {{variant}}"),), width=12),
            Panel(
                "Errors",
                "Answers that were errors, by code.",
                "ops",
                (Query(rate("flags_errors_total", by="code"), "{{code}}"),),
                width=12,
            ),
        ),
    )
