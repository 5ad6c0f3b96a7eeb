"""What changes for connections when the prober learns something? A node that went down or was fenced is cut off."""

from enum import StrEnum

from reliability.routing import metrics, prober, snapshots
from reliability.routing.backend import pool_gauges
from reliability.routing.backend.failures import Failure
from reliability.routing.backend.lease import in_flight
from reliability.routing.backend.pools import pools
from reliability.routing.topology import Node, Snapshot


class Change(StrEnum):
    """What happened to a node; the value is the label of the metric."""

    DOWN = "down"
    FENCED = "fenced"
    REPLACED = "replaced"
    """Another server, or the same one started again, stands behind the address."""
    PROMOTED = "promoted"
    DEMOTED = "demoted"


CUT = frozenset({Change.DOWN, Change.FENCED, Change.DEMOTED})
"""After these, who waits for the node waits for nothing, or for a wrong answer."""


def begin() -> None:
    """React to every snapshot from now on."""
    snapshots.subscribe(react)
    snapshots.subscribe(pool_gauges.show)


def react(before: Snapshot, after: Snapshot) -> None:
    """Close pools and cut connections of the nodes that changed. Runs in the prober's thread, and does not wait."""
    for node in after.nodes:
        change = compare(before.by_name.get(node.name), node, was_primary=before.primary == node.name, after=after)
        if change is not None:
            _cut_off(node.name, change)


def compare(old: Node | None, new: Node, *, was_primary: bool, after: Snapshot) -> Change | None:
    """Tell what happened to a node between two snapshots; None: nothing that concerns its connections. Pure."""
    if old is None or not (old.is_up or new.is_up):
        return None
    if new.is_fenced and not old.is_fenced:
        return Change.FENCED
    if old.is_up and not new.is_up:
        return Change.DOWN
    if old.started_at and new.started_at != old.started_at:
        return Change.REPLACED
    if was_primary and after.primary not in (None, new.name):
        return Change.DEMOTED
    return Change.PROMOTED if new.is_writable and not old.is_writable else None


def report(node: str, failure: Failure) -> None:
    """Tell of a node that failed under a query: the prober looks at once, and its idle connections are not trusted."""
    pools.drain(node, reason=failure)
    prober.look_now(node)


def _cut_off(node: str, change: Change) -> None:
    pools.discard(node, reason=change)
    if change in CUT and (count := in_flight.cut(node)):
        metrics.sockets_cut.labels(node, "any", change).inc(count)
