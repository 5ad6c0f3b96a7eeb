"""What is noted stands in the metrics a moment later, each note once."""

import errno
import os
from collections.abc import Sequence

import pytest
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram

from reliability.telemetry import ledger
from tests.waiting import wait_until

RINGS = Counter("ledger_rings_total", "Only of this test.")


def value(name: str) -> float:
    ledger.settle()
    return REGISTRY.get_sample_value(name) or 0.0


def test_a_note_counts_once() -> None:
    rings = ledger.counted(RINGS)
    before = value("ledger_rings_total")

    rings.note()
    rings.note(2)

    assert value("ledger_rings_total") == before + 3
    assert value("ledger_rings_total") == before + 3


def test_notes_that_nobody_asks_for_are_settled_all_the_same() -> None:
    bells = Gauge("bells", "Bells.", registry=CollectorRegistry())

    ledger.counted(bells).note(5)

    wait_until(lambda: bells._value.get() == 5)  # type: ignore[attr-defined]  # reading it otherwise would settle


def test_many_notes_do_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "NOTES_MAX", 10)
    monkeypatch.setattr(ledger, "SETTLE_SECONDS", 3600)
    bells = Gauge("bells", "Bells.", registry=CollectorRegistry())
    noted = ledger.counted(bells)

    for _ in range(25):
        noted.note()

    assert bells._value.get() >= 11  # type: ignore[attr-defined]


def test_a_metric_that_cannot_be_written_takes_no_other_along(caplog: pytest.LogCaptureFixture) -> None:
    def fill_the_disk(values: Sequence[float]) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    broken, rings = ledger.Noted(fill_the_disk), ledger.counted(RINGS)
    before = value("ledger_rings_total")

    for _ in range(2):
        broken.note()
        rings.note()
        ledger.settle()

    assert value("ledger_rings_total") == before + 2
    assert [line.getMessage() for line in caplog.records if line.name == ledger.__name__] == [
        "a metric cannot be written, what is counted meanwhile is lost"
    ]


def test_a_child_leaves_the_notes_of_its_parent_to_it() -> None:
    rings = ledger.counted(RINGS)
    before = value("ledger_rings_total")
    rings.note()
    child = os.fork()
    if child == 0:
        rings.note()
        os._exit(int(value("ledger_rings_total") - before != 1))

    _, status = os.waitpid(child, 0)

    assert status == 0
    assert value("ledger_rings_total") == before + 1


def test_observing_all_at_once_is_observing_each() -> None:
    one, all_at_once = (Histogram("seconds", "Seconds.", buckets=(0.1, 0.5, 1.0), registry=None) for _ in range(2))
    values = [0.05, 0.1, 0.3, 0.5, 0.7, 99.0]

    for value in values:
        one.observe(value)
    ledger.observe_all(all_at_once, values)

    def samples(histogram: Histogram) -> list[tuple[str, str, float]]:
        [metric] = histogram.collect()
        return [
            (each.name, each.labels.get("le", ""), each.value) for each in metric.samples if "created" not in each.name
        ]

    assert samples(all_at_once) == samples(one)
