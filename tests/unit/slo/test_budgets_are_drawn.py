"""A budget is told in minutes, percentages and a picture that people can read."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from reliability.slo.budget import Events, Incident, Measured, Slot, incidents, total
from reliability.slo.objectives import Objective
from reliability.slo.parsing import parse
from reliability.slo.picture import Card, cards
from tests.unit.slo.samples import VOCABULARY, content

TODAY = date(2026, 11, 27)
QUIET = Events(100, 0)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def objective(**changes: Any) -> Objective:
    return parse(content(**changes), VOCABULARY).objectives[0]


def card(*days: Events, last_hour: Events = QUIET, **changes: Any) -> Card:
    """Draw an objective with the events of the last days, oldest first."""
    dated = tuple((TODAY - timedelta(days=len(days) - 1 - number), each) for number, each in enumerate(days))
    measured = Measured(dated, (("eu-west", total(days)),), (("eu-west", last_hour),))
    return cards((objective(**changes),), {"public-availability": measured})[0]


def test_a_budget_is_told_in_minutes() -> None:
    shown = card(Events(60_000, 0), Events(40_000, 25))

    assert (shown.unit, round(shown.allowed, 1), round(shown.used, 1)) == ("minutes", 43.2, 10.8)
    assert (round(shown.percent_left), shown.tone) == (75, "good")


def test_a_large_budget_is_told_in_hours() -> None:
    shown = card(Events(1_000, 5), objective=99.0)

    assert (shown.unit, round(shown.allowed, 1), round(shown.used, 1)) == ("hours", 7.2, 3.6)


@pytest.mark.parametrize(("bad", "tone"), [(74, "good"), (76, "warn"), (100, "warn"), (101, "bad")])
def test_a_scarce_budget_is_marked(bad: int, tone: str) -> None:
    assert card(Events(100_000, bad)).tone == tone


@pytest.mark.parametrize(
    ("last_hour", "pace"),
    [
        (Events(), "none"),
        (Events(1_000, 0), "none"),
        (Events(10_000, 5), "slow"),
        (Events(1_000, 2), "fast"),
        (Events(1_000, 20), "call"),
        (Events(100, 9), "fast"),  # Too few bad ones for anybody to be called.
    ],
)
def test_the_pace_of_the_last_hour_is_told(last_hour: Events, pace: str) -> None:
    shown = card(Events(100_000, 0), last_hour=last_hour)

    assert (shown.pace, shown.regions[0].pace) == (pace, pace)


def test_nothing_is_said_of_a_site_so_young_that_one_bad_event_would_use_it_all() -> None:
    young, older = card(Events(999, 1), last_hour=Events(999, 1)), card(Events(1_000, 1))

    assert (young.is_early, young.tone, young.pace, young.regions[0].pace) == (True, "none", "none", "none")
    assert (older.is_early, older.tone) == (False, "warn")


def test_a_line_falls_and_bars_show_the_days() -> None:
    shown = card(Events(50_000, 0), Events(50_000, 50), Events(0, 0))

    assert shown.line == "0,0.0 10,0.0 20,50.0 30,50.0"
    assert [bar.height for bar in shown.bars] == [0, 50, 0]
    assert shown.worst is shown.bars[1]


def test_a_day_with_any_trouble_is_seen_and_none_leaves_the_picture() -> None:
    shown = card(Events(10_000_000, 1), Events(1_000, 900))

    assert [bar.height for bar in shown.bars] == [2, 9.0]
    assert card(Events(1_000, 900)).bars[0].height == 100
    assert card(Events(1_000, 900)).line == "0,0.0 10,100.0"


def test_what_nobody_measured_is_drawn_as_that() -> None:
    [shown] = cards((objective(),), {})

    assert not shown.is_measured
    assert shown.bars == ()
    assert shown.worst is None


def slot(minute: int, total: float, bad: float, *, region: str = "eu-west") -> Slot:
    return Slot(region, NOON + timedelta(minutes=minute), 60, Events(total, bad))


def test_minutes_that_burn_are_one_incident() -> None:
    slots = [slot(minute, 100, 10) for minute in (0, 1, 2, 8)]

    assert incidents(objective(), slots) == [
        Incident("public-availability", "eu-west", NOON, NOON + timedelta(minutes=9))
    ]


def test_incidents_that_are_far_apart_are_two_newest_first() -> None:
    found = incidents(objective(), [slot(0, 100, 20), slot(60, 100, 20), slot(0, 100, 20, region="us-east")])

    assert [each.began_at for each in found] == [NOON + timedelta(hours=1), NOON, NOON]


def test_too_few_bad_events_or_too_small_a_share_are_no_incident() -> None:
    assert incidents(objective(), [slot(0, 10, 9)]) == []
    assert incidents(objective(), [slot(0, 10_000, 100)]) == []
