"""Which days are the budget's? Today and the 29 before it, in UTC. Pure."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta

from reliability.slo.budget import Events, Measured, total
from reliability.slo.objectives import BUDGET_DAYS

Cell = tuple[str, str, date]
"""Objective, region, day."""


def days(now: datetime) -> list[date]:
    """List them, oldest first."""
    today = now.astimezone(UTC).date()
    return [today - timedelta(days=back) for back in reversed(range(BUDGET_DAYS))]


def midnight(day: date) -> datetime:
    """Give the moment at which a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def arranged(
    cells: Mapping[Cell, Events], last_hour: Mapping[tuple[str, str], Events], *, now: datetime
) -> dict[str, Measured]:
    """Arrange sums by objective; one without any event does not appear."""
    names = sorted({name for (name, _, _), events in cells.items() if events.total})
    return {name: _measured(name, cells, last_hour, days(now)) for name in names}


def _measured(
    name: str, cells: Mapping[Cell, Events], last_hour: Mapping[tuple[str, str], Events], known: Iterable[date]
) -> Measured:
    own = {(region, day): events for (each, region, day), events in cells.items() if each == name}
    regions = sorted({region for region, _ in own})
    return Measured(
        days=tuple((day, total(own.get((region, day), Events()) for region in regions)) for day in known),
        regions=tuple(
            (region, total(events for (each, _), events in own.items() if each == region)) for region in regions
        ),
        last_hour=tuple((region, last_hour.get((name, region), Events())) for region in regions),
    )
