"""A month of events of a site that was mostly well."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from reliability.slo import actions
from reliability.slo.actions import Slot
from reliability.slo.counts import Count
from reliability.slo.models import HOUR

REGIONS = ("eu-west", "us-east")
BAD_HOUR = 300
"""How many hours ago a database was away, in one region."""


def record_a_month(*, now: datetime) -> None:
    """Record 30 days: readers lost half of their budget in one incident, editors more than theirs."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    hours = dict(_hours(hour))
    actions.add(hours, length=HOUR)
    minute = now.replace(second=0, microsecond=0) - timedelta(minutes=3)
    actions.add({Slot("public-availability", "eu-west", minute): Count(1_000, 0)})
    actions.add({Slot("manage-availability", "eu-west", minute): Count(100, 12)})


def _hours(now: datetime) -> Iterator[tuple[Slot, Count]]:
    for back in range(50, 29 * 24):
        at = now - timedelta(hours=back)
        for region in REGIONS:
            is_bad = back == BAD_HOUR and region == "eu-west"
            yield Slot("public-availability", region, at), Count(1_000, 650 if is_bad else 0)
            yield Slot("public-latency", region, at), Count(1_000, 2)
            yield Slot("manage-availability", region, at), Count(50, 20 if is_bad or back % 90 == 0 else 0)
