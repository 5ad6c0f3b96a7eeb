"""Who answers this query, and has it replayed what its reader has seen? Pure: snapshot and request in, answer out."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from reliability.routing.epoch import Fate, fate
from reliability.routing.position import Position
from reliability.routing.topology import Node, Snapshot

Role = Literal["default", "replica"]
PRIMARY: Final = "default"
REPLICA: Final = "replica"
Level = Literal["eventual", "session", "strong"]
LEVELS: tuple[Level, ...] = ("eventual", "session", "strong")
MILLISECOND = 0.001
"""Distances are compared in whole milliseconds: what is less is noise."""


@dataclass(frozen=True, slots=True)
class LagLimits:
    """How far behind the freshest node readers without a token may be sent."""

    seconds: float
    size_bytes: int


class Reason(StrEnum):
    """Why a node stands where it stands in the order."""

    LOCAL = "local"
    NEAREST = "nearest"
    PRIMARY = "primary"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A node that may answer."""

    node: Node
    reason: Reason


class Verdict(StrEnum):
    """What to do with a position on a node; the value is the label of the metric."""

    FREE = "free"
    """The snapshot proves that the node has it."""
    ASK = "asked"
    """It may have it by now: ask on the connection."""
    WAIT = "waited"
    """It will have it within the budget: ask again."""
    MOVE_ON = "moved"
    """It will not have it in time: take the next node."""
    PRIMARY = "primary"
    """The node is the primary, which has everything that survived."""
    STALE = "stale"
    """No node has it: the freshest answers, and says so."""
    LOST = "lost"
    """No node will ever have it: it did not survive a failover."""
    UNKNOWN = "unknown"
    """Whether it survived cannot be told yet: probe now."""


def order(snapshot: Snapshot, *, region: str, limits: LagLimits, with_token: bool = False) -> tuple[Candidate, ...]:
    """Order the nodes that may answer a read, best first; empty when none does. Worked out once for each snapshot.

    Local nodes, then the nearest, then the primary; a reader with a token gets the primary before standbys that are
    further away. Then nodes beyond the lag limits, freshest first: old data is better than none. Drained ones end it.
    """
    key = (region, limits, with_token)
    known: tuple[Candidate, ...] | None = snapshot.memory.get(key)
    if known is None:
        known = snapshot.memory[key] = _order(snapshot, region=region, limits=limits, with_token=with_token)
    return known


def verdict(
    position: Position,
    node: Node,
    snapshot: Snapshot,
    *,
    budget_seconds: float,
    started_at: float | None = None,
    issued_seconds_ago: float = 0.0,
) -> Verdict:
    """Judge a position on a node before anything is asked of it.

    `started_at` is the server's start time as its connection learned it: what was found of an earlier start, or of
    another server that the name led to before, proves nothing.
    """
    became = _fate(position, snapshot)
    if became is not Fate.SURVIVED:
        return Verdict.LOST if became is Fate.LOST else Verdict.UNKNOWN
    is_the_server_probed = started_at in (None, node.started_at)
    if node.name == snapshot.primary and is_the_server_probed:
        return Verdict.PRIMARY
    if not snapshot.is_on_epoch(node):
        return Verdict.MOVE_ON
    if node.lsn >= position.lsn and is_the_server_probed:
        return Verdict.FREE
    return Verdict.ASK if _seconds_to_go(node, issued_seconds_ago) <= budget_seconds else Verdict.MOVE_ON


def verdict_after_asking(
    position: Position,
    *,
    replayed_lsn: int,
    node: Node,
    left_seconds: float,
    issued_seconds_ago: float = 0.0,
) -> Verdict:
    """Judge again, when the node has told how far it is: FREE, WAIT or MOVE_ON.

    `left_seconds` is what is left of the budget. Asking in vain is not free: without a prediction a standby that is
    3 s behind is polled thousands of times for nothing.
    """
    if replayed_lsn >= position.lsn:
        return Verdict.FREE
    is_hopeful = left_seconds > 0 and _seconds_to_go(node, issued_seconds_ago) <= left_seconds
    return Verdict.WAIT if is_hopeful else Verdict.MOVE_ON


def _order(snapshot: Snapshot, *, region: str, limits: LagLimits, with_token: bool) -> tuple[Candidate, ...]:
    fresh, late = _split(snapshot, limits)
    ranked = sorted(fresh, key=lambda node: _rank(node, snapshot, region=region, with_token=with_token))
    return tuple(Candidate(node, reason) for node, reason in _label(ranked, late, snapshot, region))


def _fate(position: Position, snapshot: Snapshot) -> Fate:
    """Nearly every position is of the current epoch."""
    epoch = snapshot.epoch
    if epoch is not None and position.timeline == epoch.timeline and position.epoch == epoch.mark:
        return Fate.SURVIVED
    return fate(position, snapshot.epochs)


def _seconds_to_go(node: Node, issued_seconds_ago: float) -> float:
    """Predict when a node replays what was written then: as far behind as it was at its last probe."""
    if node.is_replay_paused:
        return float("inf")
    return node.staleness_seconds - issued_seconds_ago


def _split(snapshot: Snapshot, limits: LagLimits) -> tuple[list[Node], list[Node]]:
    """Part the nodes within the limits from those beyond; the limits are relative, so that there is always one."""
    nodes = snapshot.readable
    least_seconds = min((node.staleness_seconds for node in nodes), default=0.0)
    furthest = max((node.lsn for node in nodes), default=0)
    fresh: list[Node] = []
    late: list[Node] = []
    for node in nodes:
        behind = (node.staleness_seconds - least_seconds, furthest - node.lsn)
        is_late = node.is_drained or behind[0] > limits.seconds or behind[1] > limits.size_bytes
        # The primary is never behind; its heartbeat may be, when nobody could write.
        (late if is_late and (node.is_drained or node.name != snapshot.primary) else fresh).append(node)
    return fresh, sorted(late, key=lambda node: (node.is_drained, -node.lsn))


def _rank(node: Node, snapshot: Snapshot, *, region: str, with_token: bool) -> tuple[bool, bool, int, bool, str]:
    """Local first; the primary last among the local ones, and among the others last or (with a token) by distance."""
    is_primary = node.name == snapshot.primary
    distance = round(node.rtt_seconds / MILLISECOND)
    is_local = node.region == region
    return (not is_local, is_primary and not (with_token and not is_local), distance, is_primary, node.name)


def _label(fresh: list[Node], late: list[Node], snapshot: Snapshot, region: str) -> Iterator[tuple[Node, Reason]]:
    for node in fresh:
        if node.region == region:
            yield node, Reason.LOCAL
        else:
            yield node, Reason.PRIMARY if node.name == snapshot.primary else Reason.NEAREST
    for node in late:
        yield node, Reason.STALE
