"""A few attempts with jitter, and never more load than the budget allows."""

import pytest

from reliability.limits.deadline import DeadlineExceeded, deadline
from reliability.limits.retry import Attempts, Budget, pause_seconds, retrying


class Flaky:
    """A call that fails a number of times before it answers."""

    def __init__(self, failures: int) -> None:
        self.failures = failures
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.calls <= self.failures:
            raise ConnectionError(self.calls)
        return "answer"


def longest(low: float, high: float) -> float:
    return high


def attempt(call: Flaky, *, budget: Budget | None = None, pauses: list[float] | None = None) -> str:
    return retrying(
        call,
        on=(ConnectionError,),
        budget=budget or Budget(percent=10),
        sleep=(pauses if pauses is not None else []).append,
        uniform=longest,
    )


def test_a_call_that_recovers_is_answered_after_pauses_that_double() -> None:
    pauses: list[float] = []

    assert attempt(Flaky(2), pauses=pauses) == "answer"
    assert pauses == [0.05, 0.1]


def test_the_last_failure_is_raised_as_it_was() -> None:
    call = Flaky(9)

    with pytest.raises(ConnectionError, match="3"):
        attempt(call)

    assert call.calls == 3


def test_another_failure_is_not_tried_again() -> None:
    call = Flaky(9)

    with pytest.raises(ConnectionError):
        retrying(call, on=(TimeoutError,), budget=Budget(percent=10))

    assert call.calls == 1


def test_an_outage_costs_a_few_percent_more_and_not_three_times_as_much() -> None:
    budget = Budget(percent=10, reserve=10)
    calls = [Flaky(9) for _ in range(1_000)]

    for call in calls:
        with pytest.raises(ConnectionError):
            attempt(call, budget=budget)

    assert 1_090 <= sum(call.calls for call in calls) <= 1_110


def test_a_pause_that_the_deadline_does_not_allow_is_not_begun() -> None:
    call, pauses = Flaky(1), []

    with deadline(seconds=0.01), pytest.raises(ConnectionError):
        attempt(call, pauses=pauses)

    assert (call.calls, pauses) == (1, [])


def test_nothing_is_tried_when_the_time_is_over() -> None:
    call = Flaky(0)

    with deadline(seconds=0.0), pytest.raises(DeadlineExceeded):
        attempt(call)

    assert call.calls == 0


def test_a_pause_is_anything_up_to_its_bound() -> None:
    bounds = [pause_seconds(n, attempts=Attempts(cap_seconds=0.3), uniform=longest) for n in (1, 2, 3, 4, 99)]

    assert bounds == [0.05, 0.1, 0.2, 0.3, 0.3]
    assert pause_seconds(3, attempts=Attempts(), uniform=lambda low, high: low) == 0.0


def test_the_first_attempt_counts() -> None:
    with pytest.raises(ValueError, match="give 1 or more"):
        Attempts(limit=0)
