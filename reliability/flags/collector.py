"""How are thousands of flags taken over without one request waiting? Out of the collector's way, and turn by turn.

Python's collector of garbage would look through all flags, old and new, several times while they are made, and stop
every thread each time: for 10,000 flags 100 to 300 ms. And a thread that computes keeps the others waiting for 5 ms.
"""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

TURN_SECONDS = 0.001
MANY = 500
"""Flags from which on it is worth not to look through them later either."""


@contextmanager
def paused() -> Iterator[None]:
    """Collect no cycles while flags are read and compiled, and let other threads have their turn sooner."""
    was_enabled, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if was_enabled:
            gc.enable()


def leave_out(count: int) -> None:
    """Leave what was made out of every later collection, if there is much of it; belongs inside `paused`.

    Flags make no cycles, so they go when nobody holds them. What other threads hold at this moment is not looked
    through any more either: a few requests' worth, each time that so many flags change.
    """
    if count >= MANY:
        gc.freeze()
