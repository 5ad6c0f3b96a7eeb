"""How long may this request still take? A deadline that travels with the context; inner ones only shorten it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends_at: ContextVar[float | None] = ContextVar("deadline", default=None)
Clock = Callable[[], float]


class DeadlineExceeded(Exception):
    """The time for this request is over; what it would still do, nobody waits for."""


@contextmanager
def deadline(*, seconds: float, clock: Clock = time.monotonic) -> Iterator[None]:
    """Give the block at most this many seconds, and never more than the block around it has left.

    Nothing is interrupted: what waits inside asks `remaining`, or calls `check`.
    """
    if seconds < 0:
        raise ValueError(f"A deadline lies ahead; seconds is {seconds}, give 0 or more.")
    outer = _ends_at.get()
    mine = clock() + seconds
    token = _ends_at.set(mine if outer is None else min(outer, mine))
    try:
        yield
    finally:
        _ends_at.reset(token)


def remaining(*, clock: Clock = time.monotonic) -> float | None:
    """Give the seconds that are left, at least 0; None: nobody set a deadline."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - clock())


def shortest(seconds: float, *, clock: Clock = time.monotonic) -> float:
    """Give a timeout for one call: this many seconds, or what is left if that is less."""
    left = remaining(clock=clock)
    return seconds if left is None else min(seconds, left)


def check(*, clock: Clock = time.monotonic) -> None:
    """Raise DeadlineExceeded when the time is over."""
    if remaining(clock=clock) == 0.0:
        raise DeadlineExceeded("The deadline of this request has passed.")
