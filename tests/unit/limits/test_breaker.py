"""A service that fails several times in a row is left alone for a while; then one caller tries."""

import threading
from typing import Any

import pytest

from reliability.limits.breaker import Breaker, ServiceAway

FAILURES = (ConnectionError,)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def fail() -> str:
    raise ConnectionError("refused")


def opened(clock: Clock) -> Breaker:
    """Give a breaker after two failures, which are enough."""
    breaker = Breaker("search", failures=2, open_seconds=10, clock=clock)
    for _ in range(2):
        with pytest.raises(ConnectionError):
            breaker.call(fail, failures=FAILURES)
    return breaker


def test_a_service_that_answers_is_asked() -> None:
    assert Breaker("search").call(lambda: "found", failures=FAILURES) == "found"


def test_failures_that_are_not_in_a_row_do_not_count() -> None:
    breaker = Breaker("search", failures=2)

    for _ in range(5):
        with pytest.raises(ConnectionError):
            breaker.call(fail, failures=FAILURES)
        breaker.call(lambda: "found", failures=FAILURES)

    assert not breaker.is_open


def test_after_failures_in_a_row_nobody_asks() -> None:
    breaker = opened(Clock())

    with pytest.raises(ServiceAway, match="search failed repeatedly; it is asked again in 10 s"):
        breaker.call(lambda: pytest.fail("It was asked."), failures=FAILURES)


def test_after_a_while_one_caller_tries_and_ends_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10

    assert breaker.call(lambda: "found", failures=FAILURES) == "found"
    assert breaker.call(lambda: "found", failures=FAILURES) == "found"
    assert not breaker.is_open


def test_while_one_caller_tries_the_others_do_not() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10

    def tries() -> str:
        with pytest.raises(ServiceAway):
            breaker.call(lambda: "found", failures=FAILURES)
        return "found"

    assert breaker.call(tries, failures=FAILURES) == "found"


def test_a_try_that_fails_begins_the_wait_anew() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    with pytest.raises(ConnectionError):
        breaker.call(fail, failures=FAILURES)
    clock.now += 9

    with pytest.raises(ServiceAway):
        breaker.call(lambda: "found", failures=FAILURES)


def test_other_errors_say_nothing_of_the_service() -> None:
    breaker = Breaker("search", failures=1)

    def mistaken() -> str:
        raise ValueError("no address")

    with pytest.raises(ValueError, match="no address"):
        breaker.call(mistaken, failures=FAILURES)
    assert not breaker.is_open


def test_calls_run_at_the_same_time() -> None:
    breaker = Breaker("search")
    meet = threading.Barrier(2, timeout=10)
    found: list[Any] = []

    callers = [threading.Thread(target=lambda: found.append(breaker.call(meet.wait, failures=FAILURES))) for _ in "ab"]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()

    assert sorted(found) == [0, 1]
