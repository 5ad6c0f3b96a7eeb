"""What is promised to whom? Objectives as values, and the file of them read with errors that name field and fix. Pure.

An indicator counts events, and which of them were bad: answers of a class that failed or were slow, observations of a
histogram above a bound, or looks of a probe from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reliability.slo.selectors import Matcher

BUDGET_DAYS: Final = 30
PAGE_FACTOR: Final = 14.4
"""Burn rate at which somebody is called: a month's budget would be gone in two days."""
MIN_BAD_EVENTS: Final = 10


@dataclass(frozen=True, slots=True)
class Histogram:
    """A histogram as it is exported: its labels and the upper bounds of its buckets, without infinity."""

    labels: tuple[str, ...]
    bounds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What an objective may speak of."""

    requests: str
    """Name of the histogram of answers, which has the label `slo_class`."""
    classes: tuple[str, ...]
    histograms: Mapping[str, Histogram]


@dataclass(frozen=True, slots=True)
class Observed:
    """Events are observations of a histogram; bad are those that `bad` means, or those above `good_le`."""

    metric: str
    matchers: tuple[Matcher, ...] = ()
    bad: tuple[Matcher, ...] = ()
    good_le: float | None = None

    @property
    def bucket(self) -> Matcher:
        """Give the bucket of good events, as client libraries write its bound: `5.0`, not `5`."""
        return Matcher("le", "=", repr(float(self.good_le or 0)))


@dataclass(frozen=True, slots=True)
class Probed:
    """Events are looks from outside: the samples of a gauge that is 1 when all was well."""

    metric: str
    matchers: tuple[Matcher, ...] = ()


Indicator = Observed | Probed


@dataclass(frozen=True, slots=True)
class Objective:
    """A promise: this share of the events of 30 days is good."""

    name: str
    title: str
    """What it promises, in words for everybody."""
    percent: float
    indicator: Indicator
    owner: str
    min_bad_events: int = MIN_BAD_EVENTS
    """Bad events in an hour below which nobody is called."""

    @property
    def budget(self) -> float:
        """Give the share of events that may be bad, such as 0.001."""
        return round(1 - self.percent / 100, 10)

    @property
    def alert_prefix(self) -> str:
        """Begin the names of its alerts: `public-latency` is `SloPublicLatency`."""
        return "Slo" + "".join(part.capitalize() for part in self.name.split("-"))


@dataclass(frozen=True, slots=True)
class Channels:
    """Where alerts go. Addresses and files as Alertmanager sees them."""

    pagerduty_key_file: str
    tickets_url: str
    watchdog_url: str
    pagerduty_url: str = "https://events.pagerduty.com/v2/enqueue"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of a file of objectives."""

    service: str
    """Value of the label `job` of everything scraped from the application."""
    runbooks: str
    """Address below which the runbooks are published."""
    channels: Channels
    objectives: tuple[Objective, ...]


class WrongObjectives(ValueError):
    """The file of objectives has mistakes; the message has one line for each, with the field and the fix."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


Fields = Mapping[str, Any]
