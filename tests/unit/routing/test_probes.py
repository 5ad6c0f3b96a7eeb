"""What the health page learns of the database; a dead primary never takes a process out of service."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from reliability.routing import snapshots
from reliability.routing.mode import Mode
from reliability.routing.probe import reads, writes
from reliability.routing.topology import Snapshot
from tests.unit.routing.samples import node, primary, snapshot


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    yield
    snapshots.forget()


def found(picture: Snapshot) -> tuple[str, str]:
    snapshots.publish(replace(picture, taken_at=picture.taken_at and time.monotonic()))
    return reads().status, writes().status


CLOSED = {"mode": Mode.READ_ONLY, "write_share": 0.0}


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (snapshot(primary(), node("eu-1")), ("pass", "pass")),
        (snapshot(primary()), ("pass", "pass")),
        (snapshot(primary(), node("eu-1", is_up=False), node("ap-1")), ("pass", "pass")),
        (snapshot(primary(), node("eu-1", is_up=False)), ("warn", "pass")),
        (snapshot(primary(), node("eu-1", staleness_seconds=99.0)), ("warn", "pass")),
        (snapshot(primary(is_up=False), node("eu-1"), primary=None, **CLOSED), ("pass", "fail")),
        (snapshot(node("eu-1"), mode=Mode.WRITE_HOLD, write_share=0.0), ("pass", "warn")),
        (snapshot(primary(is_up=False), primary=None, **CLOSED), ("fail", "fail")),
        (snapshot(primary(), node("eu-1"), taken_at=0.0), ("warn", "warn")),
    ],
)
def test_the_status_follows_from_the_snapshot(picture: Snapshot, expected: tuple[str, str]) -> None:
    assert found(picture) == expected


def test_probes_have_what_a_health_checker_asks_for() -> None:
    for probe in (reads, writes):
        assert probe.name
        assert probe.scope == "shared"
        assert (probe.interval, probe.timeout, probe.fail_after, probe.pass_after) == (0.5, 1.0, 3, 2)
        assert probe().unit
