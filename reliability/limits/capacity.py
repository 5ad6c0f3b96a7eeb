"""How many threads does a web process need? Pure, and without the metrics library, for the server's configuration."""

ROOM = 4
"""Requests that may wait a moment, for each slot: two or three pages with their pictures at once."""
SPARE_THREADS = 2
"""For probes and refusals, which need no slot."""


def room(slots: int) -> int:
    """Tell how many requests may wait for a slot."""
    return ROOM * slots


def threads(slots: int) -> int:
    """Tell how many: one for each slot, one for each request that waits for one, and some to spare."""
    return slots + room(slots) + SPARE_THREADS
