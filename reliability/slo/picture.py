"""How do error budgets look to people? Pure: figures in, plain values for a template out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from reliability.slo.budget import Events, Measured, allowed_minutes, left_by_day, total, used
from reliability.slo.objectives import PAGE_FACTOR, Objective, Probed

BAR_WIDTH, HEIGHT = 10, 100
"""Of the drawing, in its own units; a full bar is the whole budget."""
LOW = 0.25
"""Share of the budget below which it is scarce: no experiment in production then."""
HOURS_FROM_MINUTES = 120
Tone = Literal["none", "good", "warn", "bad"]
Pace = Literal["none", "slow", "fast", "call"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A day: what it used of the budget."""

    day: date
    x: float
    y: float
    height: float
    percent_used: float
    events: int
    bad: int


@dataclass(frozen=True, slots=True)
class RegionCard:
    """How one region does."""

    name: str
    percent_good: float | None
    """Of 30 days."""
    pace: Pace
    """Of the last hour."""


@dataclass(frozen=True, slots=True)
class Card:
    """An objective."""

    name: str
    title: str
    promised: str
    """Per cent, such as 99.9."""
    is_outside: bool
    """It is measured from outside, so only Prometheus knows it."""
    is_measured: bool
    is_early: bool
    """So little was measured that a single bad event would use it all: nothing can be said yet."""
    unit: Literal["minutes", "hours"]
    allowed: float
    used: float
    left: float
    """May be below 0: the objective is missed."""
    percent_left: float
    tone: Tone
    pace: Pace
    burn: float
    """How many times faster than it may the budget was used in the last hour."""
    bars: tuple[Bar, ...]
    line: str
    """Points of the line of what was left, for a polyline."""
    worst: Bar | None
    """The day that used most; None: no day used anything."""
    regions: tuple[RegionCard, ...]
    measured_days: int
    """Days with events, of 30."""


def cards(objectives: tuple[Objective, ...], measured: Mapping[str, Measured]) -> tuple[Card, ...]:
    """Draw every objective; one that nothing is known of is drawn as that."""
    return tuple(_card(each, measured.get(each.name, Measured())) for each in objectives)


def _card(objective: Objective, measured: Measured) -> Card:
    allowed, share = allowed_minutes(objective), used(objective, measured.events)
    is_long = allowed >= HOURS_FROM_MINUTES
    shown = allowed / 60 if is_long else allowed
    last_hour = total(events for _, events in measured.last_hour)
    is_early = measured.events.total * objective.budget < 1
    bars = _bars(objective, measured)
    return Card(
        name=objective.name,
        title=objective.title,
        promised=f"{objective.percent:g}",
        is_outside=isinstance(objective.indicator, Probed),
        is_measured=measured.events.total > 0,
        is_early=is_early,
        unit="hours" if is_long else "minutes",
        allowed=shown,
        used=share * shown,
        left=(1 - share) * shown,
        percent_left=(1 - share) * 100,
        tone=_tone(share, is_early=is_early),
        pace="none" if is_early else _pace(objective, last_hour),
        burn=last_hour.burn(objective) or 0.0,
        bars=bars,
        line=_line(left_by_day(objective, measured)),
        worst=max((bar for bar in bars if bar.bad), key=lambda bar: bar.percent_used, default=None),
        regions=_regions(objective, measured, is_early=is_early),
        measured_days=sum(1 for _, events in measured.days if events.total),
    )


def _tone(share: float, *, is_early: bool) -> Tone:
    if is_early:
        return "none"
    return "bad" if share > 1 else "warn" if share > 1 - LOW else "good"


def _bars(objective: Objective, measured: Measured) -> tuple[Bar, ...]:
    whole = measured.events.total
    return tuple(_bar(number, day, events, objective, whole) for number, (day, events) in enumerate(measured.days))


def _bar(number: int, day: date, events: Events, objective: Objective, whole: float) -> Bar:
    share = events.bad / whole / objective.budget if whole else 0.0
    # A day with any trouble is seen, however little it used.
    height = min(1.0, max(share, 0.02 if events.bad else 0.0)) * HEIGHT
    return Bar(
        day=day,
        x=number * BAR_WIDTH,
        y=round(HEIGHT - height, 1),
        height=round(height, 1),
        percent_used=share * 100,
        events=round(events.total),
        bad=round(events.bad),
    )


def _line(left: list[float]) -> str:
    points = [
        (0, 0.0),
        *((number * BAR_WIDTH, 1 - min(1.0, max(0.0, each))) for number, each in enumerate(left, start=1)),
    ]
    return " ".join(f"{x},{y * HEIGHT:.1f}" for x, y in points)


def _regions(objective: Objective, measured: Measured, *, is_early: bool) -> tuple[RegionCard, ...]:
    lately = dict(measured.last_hour)
    return tuple(
        RegionCard(
            name=name,
            percent_good=(1 - events.bad / events.total) * 100 if events.total else None,
            pace="none" if is_early else _pace(objective, lately.get(name, Events())),
        )
        for name, events in measured.regions
    )


def _pace(objective: Objective, last_hour: Events) -> Pace:
    burn = last_hour.burn(objective)
    if not burn:
        return "none"
    if burn < 1:
        return "slow"
    return "call" if burn >= PAGE_FACTOR and last_hour.bad >= objective.min_bad_events else "fast"
