"""Where in the history of a cluster is this? A place in its write-ahead log, comparable across failovers.

An LSN alone says nothing after a failover: the log of the new primary passes the same numbers with other contents.
"""

from collections.abc import Iterable
from typing import NamedTuple

EPOCH_DIGITS = 4
"""How many digits of an epoch's id travel with a position: enough to tell two promotions of one timeline apart."""


class Position(NamedTuple):
    """A place in the log. Compared by timeline, then LSN."""

    timeline: int
    lsn: int
    """Bytes since the beginning of the log."""
    epoch: str = ""
    """First EPOCH_DIGITS digits of the id of its epoch; empty where the epoch was not known yet."""


def parse_lsn(text: str) -> int:
    """Read PostgreSQL's notation: '16/B374D848' -> bytes. Raises ValueError for anything else."""
    high, slash, low = text.partition("/")
    if not slash:
        raise ValueError(f"{text!r} is no LSN; it looks like 16/B374D848.")
    return (int(high, 16) << 32) | int(low, 16)


def format_lsn(lsn: int) -> str:
    """Write PostgreSQL's notation."""
    return f"{lsn >> 32:X}/{lsn & 0xFFFFFFFF:X}"


def later(one: Position | None, other: Position | None) -> Position | None:
    """Give the higher of two positions, of which either may be unknown; the short way for every query."""
    if one is None or one is other:
        return other
    return one if other is None or one >= other else other


def latest(positions: Iterable[Position | None]) -> Position | None:
    """Find the highest of the positions that are known; None when none is."""
    return max((each for each in positions if each is not None), default=None)
