"""A write goes, waits for a new primary, or is refused; only a share of the threads may wait."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import override_settings

from reliability.routing import snapshots
from reliability.routing.gate import Gate, Refusal
from reliability.routing.mode import Mode
from reliability.routing.topology import Snapshot
from tests.waiting import wait_until

NORMAL = Snapshot(mode=Mode.NORMAL)
HELD = Snapshot(mode=Mode.WRITE_HOLD, write_share=0.0)
CLOSED = Snapshot(mode=Mode.READ_ONLY, write_share=0.0)


@pytest.fixture(autouse=True)
def _options() -> Iterator[None]:
    with override_settings(ROUTING={"WRITE_HOLD_SECONDS": 30.0, "WRITE_HOLD_PERCENT": 25.0, "THREADS": 8}):
        yield
    snapshots.forget()


def test_in_normal_times_nothing_waits() -> None:
    snapshots.publish(NORMAL)

    assert Gate().enter() is None


def test_a_site_that_is_read_only_refuses_at_once() -> None:
    snapshots.publish(CLOSED)

    assert Gate().enter() is Refusal.READ_ONLY


def test_a_write_waits_for_the_new_primary_and_goes() -> None:
    snapshots.publish(HELD)
    gate = Gate()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(gate.enter)
        wait_until(lambda: gate.held == 1)

        snapshots.publish(NORMAL)

        assert waiting.result(timeout=10) is None
    assert gate.held == 0


def test_a_write_that_waits_is_refused_when_the_writes_close() -> None:
    snapshots.publish(HELD)
    gate = Gate()
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(gate.enter)
        wait_until(lambda: gate.held == 1)

        snapshots.publish(CLOSED)

        assert waiting.result(timeout=10) is Refusal.READ_ONLY


def test_no_write_waits_longer_than_it_may() -> None:
    snapshots.publish(HELD)

    with override_settings(ROUTING={"WRITE_HOLD_SECONDS": 0.01}):
        assert Gate().enter() is Refusal.HELD_TOO_LONG


def test_only_a_share_of_the_threads_waits_and_the_others_are_refused_at_once() -> None:
    snapshots.publish(HELD)
    gate = Gate()
    refused = threading.Semaphore(0)
    answers: list[Refusal | None] = []

    def write() -> None:
        answers.append(gate.enter())
        refused.release()

    with ThreadPoolExecutor(6) as threads:
        for _ in range(6):
            threads.submit(write)
        for _ in range(4):
            assert refused.acquire(timeout=10)
        assert (answers, gate.held) == ([Refusal.TOO_MANY_HELD] * 4, 2)
        snapshots.publish(NORMAL)
    assert answers[4:] == [None, None]


def test_a_recovery_lets_the_writes_in_one_after_the_other() -> None:
    snapshots.publish(Snapshot(mode=Mode.RECOVERING, write_share=0.25))

    assert [Gate().enter() for _ in range(5)] == [None] * 5


def test_a_single_write_does_not_wait_for_others_that_are_not_there() -> None:
    snapshots.publish(Snapshot(mode=Mode.RECOVERING, write_share=0.0))

    with override_settings(ROUTING={"WRITE_HOLD_SECONDS": 0.2, "THREADS": 8}):
        assert Gate().enter() is None


def test_a_share_of_nothing_lets_nobody_wait() -> None:
    snapshots.publish(HELD)

    with override_settings(ROUTING={"WRITE_HOLD_PERCENT": 0.0}):
        assert Gate().enter() is Refusal.TOO_MANY_HELD
