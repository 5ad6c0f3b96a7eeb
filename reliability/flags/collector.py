"""How are thousands of flags taken over without one request waiting? Out of the way of Python's garbage collector.

It would look through all flags, old and new, several times while they are made, and stop every thread each time: for
10,000 flags 100 to 300 ms.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

MANY = 500
"""Flags from which on it is worth not to look through them later either."""


@contextmanager
def paused() -> Iterator[None]:
    """Collect no cycles while flags are read and compiled."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def leave_out(count: int) -> None:
    """Leave what was made out of every later collection, if there is much of it; belongs inside `paused`.

    Flags make no cycles, so they go when nobody holds them. What other threads hold at this moment is not looked
    through any more either: a few requests' worth, each time that so many flags change.
    """
    if count >= MANY:
        gc.freeze()
