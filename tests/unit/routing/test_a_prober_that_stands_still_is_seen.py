"""The age of what a process knows grows while its prober stands still, and is 0 again when it goes on."""

import time

from reliability.routing import gauges, metrics, snapshots
from reliability.telemetry import ledger
from tests.unit.routing.samples import primary, snapshot


def age() -> float:
    return metrics.snapshot_age_seconds._value.get()


def test_the_age_grows_until_a_newer_snapshot_comes() -> None:
    old = snapshot(primary(), taken_at=100.0)
    gauges.show(old)

    gauges.show_age(old, now=100.5)
    fresh = age()
    gauges.show_age(old, now=110.0)
    late = age()
    gauges.show_age(old, now=175.0)
    later = age()
    gauges.show(snapshot(primary(), taken_at=176.0))

    assert (fresh, late, later, age()) == (0.0, 10.0, 75.0, 0.0)


def test_before_the_first_probe_there_is_no_age() -> None:
    gauges.show(snapshot(primary()))

    gauges.show_age(snapshot(primary(), taken_at=0.0), now=1_000.0)

    assert age() == 0.0


def test_it_is_seen_in_a_process_that_nobody_asks_anything() -> None:
    gauges.show(snapshot(primary()))
    snapshots.publish(snapshot(primary(), taken_at=time.monotonic() - 50))

    ledger.settle()
    snapshots.forget()

    assert 50 <= age() < 100
