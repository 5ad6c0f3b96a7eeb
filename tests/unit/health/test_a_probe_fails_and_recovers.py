"""A probe fails after some failures in a row, and recovers after some good looks; in between nothing flaps."""

from dataclasses import dataclass

import pytest

from reliability.health import probes
from reliability.health.probes import Standing
from reliability.telemetry.probe import Probe, Result, Status


@dataclass
class Database(Probe):
    name: str = "database"
    scope = "shared"
    fail_after: int = 3
    pass_after: int = 2
    interval: float = 5.0

    def __call__(self) -> Result:
        raise AssertionError("The rules do not look.")


def after(*found: Status, probe: Probe | None = None) -> Standing:
    """Give the standing after these looks, one each second from second 1 on."""
    probe = probe or Database()
    standing = probes.begin(probe, now=0.0)
    for second, status in enumerate(found, start=1):
        standing = probes.follow(standing, probe, Result(status, 1.0, "nodes"), now=float(second))
    return standing


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([], "warn"),
        (["pass"], "pass"),
        (["pass", "fail"], "pass"),
        (["pass", "fail", "fail"], "pass"),
        (["pass", "fail", "fail", "fail"], "fail"),
        (["pass", "fail", "fail", "pass", "fail"], "pass"),
        (["fail", "fail", "fail", "pass"], "fail"),
        (["fail", "fail", "fail", "pass", "pass"], "pass"),
        (["fail", "fail", "fail", "pass", "fail", "pass"], "fail"),
        (["pass", "warn"], "warn"),
        (["fail", "fail", "fail", "warn", "warn"], "warn"),
    ],
)
def test_the_status_follows_from_the_looks(found: list[Status], expected: Status) -> None:
    assert after(*found).status == expected


def test_a_failure_is_counted_from_the_first_look_that_found_it() -> None:
    standing = after("pass", "fail", "fail", "fail", "fail")

    assert probes.fails_for(standing, now=10.0) == 8.0


def test_a_failure_that_ends_is_counted_no_more() -> None:
    standing = after("fail", "fail", "fail", "pass", "pass")

    assert probes.fails_for(standing, now=10.0) == 0.0
    assert standing.bad_since is None


def test_an_outage_goes_on_until_it_has_recovered() -> None:
    standing = after("fail", "fail", "fail", "pass", "fail")

    assert probes.fails_for(standing, now=10.0) == 9.0


def test_having_passed_once_is_remembered() -> None:
    assert not after("fail").has_passed
    assert after("fail", "pass", "fail", "fail", "fail").has_passed


def test_a_result_that_is_old_is_no_longer_believed() -> None:
    standing = after("pass")

    assert probes.seen_at(standing, now=12.0).status == "pass"
    assert probes.seen_at(standing, now=12.1).status == "warn"
    assert probes.seen_at(standing, now=12.1).error == "no result lately"


def test_a_failure_does_not_become_a_warning_with_age() -> None:
    assert probes.seen_at(after("fail", "fail", "fail"), now=100.0).status == "fail"


def test_a_probe_that_looks_rarely_is_believed_for_longer() -> None:
    standing = after("pass", probe=Database(interval=30.0))

    assert probes.seen_at(standing, now=61.0).status == "pass"


@pytest.mark.parametrize(
    ("found", "expected"),
    [(["pass"], 5.0), (["pass", "fail"], 0.5), (["warn"], 0.5), (["fail", "fail", "fail", "pass"], 0.5)],
)
def test_what_is_not_in_order_is_looked_at_more_often(found: list[Status], expected: float) -> None:
    probe = Database()

    assert probes.pause_seconds(after(*found, probe=probe), probe) == expected
