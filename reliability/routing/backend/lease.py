"""A connection out of a node's pool, for as long as a request needs it, and surely one to the node that is meant."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import psycopg

from reliability.limits.deadline import shortest
from reliability.routing import current, prober, snapshots
from reliability.routing.backend import bounds
from reliability.routing.backend.connection import Identity, NodeConnection, WrongNode, identify
from reliability.routing.backend.inflight import InFlight
from reliability.routing.backend.pools import NodePool, NodeUnavailable
from reliability.routing.decision import PRIMARY, REPLICA, Role
from reliability.routing.epoch import EpochRecord
from reliability.routing.session import Served
from reliability.routing.topology import Node

TAKE_SECONDS = {PRIMARY: 15.0, REPLICA: 1.0}
"""How long to wait while all connections of a node are in use, by role: readers have somewhere else to go.

A node that is down does not keep anybody waiting so long: its pool is closed.
"""

in_flight = InFlight()
PoolOf = Callable[[Node, Role], NodePool]
"""Gives the pool of a node and role."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A connection taken for a role, and why from there."""

    connection: NodeConnection
    pool: NodePool
    node: Node
    reason: str

    @property
    def served(self) -> Served:
        """Which node answers whoever holds this."""
        return _served(self.node.name, self.connection.identity.is_in_recovery, self.reason)

    def end(self, *, is_usable: bool = True) -> None:
        """Give the connection back; one that is not usable is closed."""
        in_flight.unregister(self.connection.line, node=self.node.name)
        self.pool.give_back(self.connection, is_usable=is_usable and _release(self.connection))


def lease(node: Node, role: Role, pool_of: PoolOf, *, reason: str, seconds: float | None = None) -> Lease:
    """Take a connection of a node, within `seconds` or those of the role. Raises NodeUnavailable."""
    pool = pool_of(node, role)
    try:
        connection = pool.take(seconds=shortest(TAKE_SECONDS[role] if seconds is None else seconds))
    except NodeUnavailable:
        prober.look_now(node.name)
        raise
    in_flight.register(connection.line, node=node.name)
    taken = Lease(connection, pool, node, reason)
    _check_again(taken, role)
    return taken


def check_identity(node: str, role: Role, identity: Identity) -> None:
    """Refuse a connection that did not get where it should.

    Raises WrongNode when the server is of another cluster, on a history that was left, or not writable for `default`.
    """
    snapshot = current.snapshot()
    if snapshot.system_id and identity.system_id != snapshot.system_id:
        raise WrongNode(f"{node} is of another cluster ({identity.system_id}, not {snapshot.system_id}).")
    epoch = snapshot.epoch
    if epoch is not None and not _is_of(epoch, node, identity):
        prober.look_now(node)
        raise WrongNode(f"{node} is on timeline {identity.timeline}, the one that counts is {epoch.timeline}.")
    if role == PRIMARY and identity.is_in_recovery:
        prober.look_now(node)
        raise WrongNode(f"{node} is a standby now.")


def _is_of(epoch: EpochRecord, node: str, identity: Identity) -> bool:
    """The node that was promoted may lack its row, when somebody has emptied the table."""
    has_lost_row = not identity.epoch_id and node == epoch.node and not identity.is_in_recovery
    return identity.timeline == epoch.timeline and (has_lost_row or identity.epoch_id == epoch.epoch_id)


def _check_again(taken: Lease, role: Role) -> None:
    """Look once more now that the connection can be cut, and ask the node itself when the prober has not for too long.

    Raises NodeUnavailable.
    """
    snapshot, name = current.snapshot(), taken.node.name
    now_known = snapshot.by_name.get(name)
    if now_known is not None and not now_known.is_readable:
        taken.end(is_usable=False)
        raise NodeUnavailable(name, WrongNode(now_known.reason))
    if not snapshot.taken_at or snapshot.age_seconds(time.monotonic()) < snapshots.STALE_SECONDS:
        return
    try:
        check_identity(name, role, identify(taken.connection))
    except psycopg.Error as error:
        taken.end(is_usable=False)
        raise NodeUnavailable(name, error) from error


def _release(connection: NodeConnection) -> bool:
    """Take the limit of the last request off a connection; tells whether that worked."""
    try:
        if connection.is_bound:
            bounds.release(connection)
    except psycopg.Error:
        return False
    return True


@lru_cache(maxsize=256)
def _served(node: str, is_in_recovery: bool, reason: str) -> Served:
    return Served(node, "replica" if is_in_recovery else "primary", reason)
