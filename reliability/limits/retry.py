"""May this be tried again, and when? A few attempts with full jitter, and a budget so that retries never multiply load.

The budget counts calls and retries of the whole process: while everything works it fills, and when all calls fail it is
empty soon, so that a dependency in trouble gets a few percent more load, not three times as much.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from reliability.limits.deadline import DeadlineExceeded, remaining

T = TypeVar("T")
RESERVE_RETRIES = 10.0
"""Retries that a process may make before it has made calls, and the most that it saves up."""


@dataclass(frozen=True, slots=True)
class Attempts:
    """How often, and with which pauses."""

    limit: int = 3
    """Attempts in all, the first included."""
    base_seconds: float = 0.05
    cap_seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.limit < 1:
            raise ValueError(f"limit is {self.limit}; the first attempt counts, give 1 or more.")


class Budget:
    """Retries that a process may make, in percent of its calls. Safe to share between threads."""

    def __init__(self, *, percent: float, reserve: float = RESERVE_RETRIES) -> None:
        self._per_call = percent / 100
        self._reserve = reserve
        self._left = reserve
        self._lock = threading.Lock()

    def record_call(self) -> None:
        """Count a call (not its retries): it earns a part of a retry."""
        with self._lock:
            self._left = min(self._reserve, self._left + self._per_call)

    def take(self) -> bool:
        """Take one retry out of the budget; False: it is used up."""
        with self._lock:
            if self._left < 1:
                return False
            self._left -= 1
            return True


def pause_seconds(attempt: int, *, attempts: Attempts, uniform: Callable[[float, float], float]) -> float:
    """Choose the pause after attempt 1, 2, ...: anything up to a bound that doubles (full jitter)."""
    bound = min(attempts.cap_seconds, attempts.base_seconds * 2.0 ** (attempt - 1))
    return uniform(0.0, bound)


def retrying(
    call: Callable[[], T],
    *,
    on: tuple[type[Exception], ...],
    budget: Budget,
    attempts: Attempts = Attempts(),
    sleep: Callable[[float], None] = time.sleep,
    uniform: Callable[[float, float], float] = random.uniform,
) -> T:
    """Make a call again when it fails with one of `on`, while attempts, budget and the deadline allow it.

    Raises the last failure as it was; DeadlineExceeded when there was no time for even the first attempt.
    """
    budget.record_call()
    if remaining() == 0.0:
        raise DeadlineExceeded("The deadline had passed before the first attempt.")
    for attempt in range(1, attempts.limit + 1):
        try:
            return call()
        except on:
            pause = pause_seconds(attempt, attempts=attempts, uniform=uniform)
            if attempt == attempts.limit or not _fits(pause) or not budget.take():
                raise
            sleep(pause)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _fits(pause: float) -> bool:
    left = remaining()
    return left is None or pause < left
