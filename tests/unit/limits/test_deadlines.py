"""A deadline travels with the context, and inner ones only shorten it."""

import pytest

from reliability.limits.deadline import DeadlineExceeded, check, deadline, remaining, shortest


class Clock:
    """A clock that stands still until somebody moves it."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_without_a_deadline_there_is_no_limit(clock: Clock) -> None:
    check(clock=clock)

    assert remaining(clock=clock) is None
    assert shortest(5.0, clock=clock) == 5.0


def test_what_is_left_shrinks_to_nothing(clock: Clock) -> None:
    with deadline(seconds=2.0, clock=clock):
        clock.now += 0.5
        assert (remaining(clock=clock), shortest(5.0, clock=clock), shortest(1.0, clock=clock)) == (1.5, 1.5, 1.0)
        clock.now += 9.0
        assert remaining(clock=clock) == 0.0
        with pytest.raises(DeadlineExceeded):
            check(clock=clock)


def test_an_inner_deadline_only_shortens(clock: Clock) -> None:
    with deadline(seconds=2.0, clock=clock):
        with deadline(seconds=9.0, clock=clock):
            assert remaining(clock=clock) == 2.0
        with deadline(seconds=0.5, clock=clock):
            assert remaining(clock=clock) == 0.5
        assert remaining(clock=clock) == 2.0
    assert remaining(clock=clock) is None


def test_a_deadline_in_the_past_is_a_mistake(clock: Clock) -> None:
    with pytest.raises(ValueError, match="give 0 or more"), deadline(seconds=-1.0, clock=clock):
        pass
