"""How much may still go wrong? Pure: sums of events in, shares and minutes out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reliability.slo.objectives import BUDGET_DAYS, PAGE_FACTOR, Objective

MINUTES = BUDGET_DAYS * 24 * 60
GAP = timedelta(minutes=15)
"""Two troubles that are not further apart are one."""


@dataclass(frozen=True, slots=True)
class Events:
    """How many there were, and how many of them were bad."""

    total: float = 0.0
    bad: float = 0.0

    def plus(self, other: "Events") -> "Events":
        """Add others."""
        return Events(self.total + other.total, self.bad + other.bad)

    def burn(self, objective: Objective) -> float | None:
        """Tell how many times faster than it may the budget was used; None: nothing happened."""
        return self.bad / self.total / objective.budget if self.total else None


@dataclass(frozen=True, slots=True)
class Incident:
    """Somebody was called, or would have been."""

    objective: str
    region: str
    began_at: datetime
    ended_at: datetime | None
    """None: it goes on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What is known of one objective: the days of its budget, oldest first, and the last hour of each region."""

    days: tuple[tuple[date, Events], ...] = ()
    regions: tuple[tuple[str, Events], ...] = ()
    """The events of 30 days."""
    last_hour: tuple[tuple[str, Events], ...] = ()

    @property
    def events(self) -> Events:
        """Add up the days."""
        return total(each for _, each in self.days)


@dataclass(frozen=True, slots=True)
class Slot:
    """The events of a minute or an hour."""

    region: str
    began_at: datetime
    seconds: int
    events: Events


def total(events: Iterable[Events]) -> Events:
    """Add events up."""
    found = Events()
    for each in events:
        found = found.plus(each)
    return found


def used(objective: Objective, events: Events) -> float:
    """Give the share of the budget that is used; above 1 the objective is missed."""
    return events.burn(objective) or 0.0


def allowed_minutes(objective: Objective) -> float:
    """Give the minutes of 30 days in which everything may be bad."""
    return MINUTES * objective.budget


def left_by_day(objective: Objective, measured: Measured) -> list[float]:
    """Give the share of the budget that was left at the end of each day, of what all 30 days' events allow."""
    whole, left, found = measured.events.total, 1.0, []
    for _, events in measured.days:
        left -= events.bad / whole / objective.budget if whole else 0.0
        found.append(left)
    return found


def incidents(objective: Objective, slots: Sequence[Slot]) -> list[Incident]:
    """Find the times in which the budget burned as fast as somebody is called for, newest first."""
    found: list[Incident] = []
    for region in sorted({slot.region for slot in slots}):
        burning = [slot for slot in slots if slot.region == region and _burns(objective, slot)]
        found += _runs(objective, sorted(burning, key=lambda slot: slot.began_at))
    return sorted(found, key=lambda each: each.began_at, reverse=True)


def _burns(objective: Objective, slot: Slot) -> bool:
    return (slot.events.burn(objective) or 0.0) >= PAGE_FACTOR


def _runs(objective: Objective, slots: Sequence[Slot]) -> list[Incident]:
    """Join what is close, and leave out what is too little to call anybody for."""
    runs: list[list[Slot]] = []
    for slot in slots:
        if runs and slot.began_at - _end(runs[-1]) <= GAP:
            runs[-1].append(slot)
        else:
            runs.append([slot])
    return [
        Incident(objective.name, run[0].region, run[0].began_at, _end(run))
        for run in runs
        if sum(slot.events.bad for slot in run) >= objective.min_bad_events
    ]


def _end(run: Sequence[Slot]) -> datetime:
    return run[-1].began_at + timedelta(seconds=run[-1].seconds)
