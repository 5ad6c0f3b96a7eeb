"""A standby may tell of a promotion before the new primary was asked again: then it is asked at once."""

from collections.abc import Iterator

import pytest

from reliability.routing import snapshots
from reliability.routing.assessment import Sighting
from reliability.routing.options import Options
from reliability.routing.prober import Prober
from reliability.routing.topology import Address
from reliability.routing.watcher import Watcher
from tests.unit.routing.answers import epoch, standby, writable

FIRST, SECOND = epoch(1, "aaaa0000", "us-1"), epoch(2, "bbbb0000", "eu-1", fork=900)
OPTIONS = Options(nodes=tuple(Address(name, "127.0.0.1", 5432, "here") for name in ("us-1", "eu-1", "ap-1")))


@pytest.fixture
def prober() -> Iterator[Prober]:
    """Give one that knows the first epoch, and whose primary is down since."""
    made = Prober(OPTIONS, database="cms")
    made._watchers = [Watcher(each, options=OPTIONS, database="cms", tell=bool) for each in OPTIONS.nodes]
    us, eu, ap = made._watchers
    us.sighting = Sighting(writable(1, FIRST), is_up=True)
    eu.sighting = ap.sighting = Sighting(standby(FIRST), is_up=True)
    made._assess()
    us.sighting = Sighting(us.sighting.answer, is_up=False, reason="gone")
    for each in made._watchers:
        each._wake.clear()
    yield made
    snapshots.forget()


def test_a_standby_that_has_the_row_has_everybody_probed_once(prober: Prober) -> None:
    prober._assess()
    before = [each._wake.is_set() for each in prober._watchers]

    prober._watchers[2].sighting = Sighting(standby(FIRST, SECOND), is_up=True)
    prober._assess()
    told = [each._wake.is_set() for each in prober._watchers]

    for each in prober._watchers:
        each._wake.clear()
    prober._assess()
    after = [each._wake.is_set() for each in prober._watchers]
    assert (before, told, after) == ([False] * 3, [True] * 3, [False] * 3)
