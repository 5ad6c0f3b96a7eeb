"""Is this still the history that counts? Each promotion begins an epoch: a timeline, and a random id beside it.

The id is needed because two standbys that are promoted at once get the same timeline, with different rows after it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reliability.routing.position import EPOCH_DIGITS, Position


@dataclass(frozen=True, slots=True)
class EpochRecord:
    """One promotion, as its row tells; the first epoch of a cluster has `fork_lsn` 0 and `previous_timeline` 0."""

    system_id: str
    timeline: int
    epoch_id: str
    """Random, hexadecimal, at least EPOCH_DIGITS long."""
    fork_lsn: int
    """Where its log left that of the previous timeline, in bytes."""
    previous_timeline: int
    node: str = ""
    """Name of the node that was promoted."""

    @property
    def mark(self) -> str:
        """What positions carry of the id."""
        return self.epoch_id[:EPOCH_DIGITS]


class Fate(StrEnum):
    """What became of a position."""

    SURVIVED = "survived"
    LOST = "lost"
    UNKNOWN = "unknown"


class EpochConflict(Exception):
    """Two nodes were promoted to one timeline and nothing decides between them: run `routing fence NODE`."""


def current(epochs: Iterable[EpochRecord]) -> EpochRecord | None:
    """Find the epoch that counts: the highest timeline. None when none was recorded."""
    return max(epochs, key=lambda epoch: epoch.timeline, default=None)


def is_on(epoch: EpochRecord | None, *, timeline: int, epoch_id: str) -> bool:
    """Tell whether a node whose newest row is `timeline`, `epoch_id` follows this epoch; with None every node does."""
    return epoch is None or (timeline == epoch.timeline and epoch_id == epoch.epoch_id)


def fate(position: Position, epochs: Iterable[EpochRecord]) -> Fate:
    """Tell what became of a position, on the line of promotions that led to the current epoch.

    Survived: compare its LSN. Lost: it lies behind a fork, or on a branch that was left. Unknown: a row is missing,
    for example because its timeline is newer than all that were seen.
    """
    by_timeline = {epoch.timeline: epoch for epoch in epochs}
    newest = max(by_timeline, default=0)
    if position.timeline > newest:
        return Fate.UNKNOWN
    return _walk_back(position, by_timeline, newest)


def decide(claims: Iterable[EpochRecord], *, known: EpochRecord | None, fenced: Collection[str]) -> EpochRecord | None:
    """Decide which epoch counts, of those that nodes claim and of the one that this process knew; None: no claim.

    The highest timeline wins. Two ids on it: a fenced node's claim is dropped; else what was known stays.
    Raises EpochConflict when that leaves more than one.
    """
    left = [claim for claim in claims if claim.node not in fenced]
    if known is not None and known.node not in fenced:
        left.append(known)
    newest = max((claim.timeline for claim in left), default=0)
    ids = {claim.epoch_id: claim for claim in left if claim.timeline == newest}
    if known is not None and known.epoch_id in ids:
        return ids[known.epoch_id]
    if len(ids) > 1:
        raise EpochConflict(newest)
    return next(iter(ids.values()), None)


def _walk_back(position: Position, epochs: Mapping[int, EpochRecord], newest: int) -> Fate:
    timeline, fork = newest, None
    while timeline > position.timeline:
        epoch = epochs.get(timeline)
        if epoch is None:
            return Fate.UNKNOWN
        fork = epoch.fork_lsn if fork is None else min(fork, epoch.fork_lsn)
        timeline = epoch.previous_timeline
    epoch = epochs.get(position.timeline)
    if epoch is None:
        return Fate.UNKNOWN
    if timeline < position.timeline or position.epoch not in ("", epoch.mark):
        return Fate.LOST  # Its timeline, or its promotion, is none that the current epoch came from.
    return Fate.SURVIVED if fork is None or position.lsn <= fork else Fate.LOST
