"""Which node gets this connection? Chosen when it is taken, once per request; whoever cannot give one is passed over.

Role `default` is the primary; without one, the freshest node opens read-only, so that strong reads go on. Role
`replica` is any node that may show itself to this reader.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import psycopg

from reliability.limits.deadline import shortest
from reliability.routing import current, metrics, prober, session, snapshots
from reliability.routing.backend import bounds, token_check
from reliability.routing.backend.connection import Identity, NodeConnection, WrongNode, identify
from reliability.routing.backend.inflight import InFlight
from reliability.routing.backend.pools import NodePool, NodeUnavailable
from reliability.routing.current import limits_in_force, options
from reliability.routing.decision import PRIMARY, REPLICA, Candidate, Reason, Role, Verdict, order
from reliability.routing.driver_errors import first_line
from reliability.routing.epoch import EpochRecord
from reliability.routing.mode import Mode
from reliability.routing.topology import Node, Snapshot
from reliability.telemetry.ledger import Noted, counted

FIRST_PROBE_SECONDS = 3.0
"""How long the first connection of a process waits for the prober's first round."""
TAKE_SECONDS = {PRIMARY: 15.0, REPLICA: 1.0}
"""How long to wait while all connections of a node are in use, by role: readers have somewhere else to go.

A node that is down does not keep anybody waiting so long: its pool is closed.
"""
RECHECK_SECONDS = 0.25
"""Pause between two looks for a primary, when no probe brings news."""

in_flight = InFlight()
PoolOf = Callable[[Node, Role], NodePool]
"""Gives the pool of a node and role."""


class NoNode(psycopg.OperationalError):
    """No node gave a connection; the message names each, and why."""


@dataclass(frozen=True, slots=True)
class Lease:
    """A connection taken for a role, and why from there."""

    connection: NodeConnection
    pool: NodePool
    node: Node
    reason: str
    is_read_only: bool

    def end(self, *, is_usable: bool = True) -> None:
        """Give the connection back; one that is not usable is closed."""
        in_flight.unregister(self.connection.line, node=self.node.name)
        self.pool.give_back(self.connection, is_usable=is_usable and _release(self.connection))


def take(role: Role, *, pool_of: PoolOf, without: frozenset[str] = frozenset(), is_last: bool = False) -> Lease:
    """Take a connection for this role; nodes in `without` failed already and come last.

    `is_last`: nothing will be tried after this, so a read goes to the primary where it can. Raises NoNode.
    """
    snapshot = _snapshot()
    if role == PRIMARY:
        lease = _take_primary(snapshot, pool_of=pool_of)
    else:
        lease = _take_readable(snapshot, pool_of=pool_of, without=without, is_last=is_last)
    _note(lease, role)
    return lease


def _release(connection: NodeConnection) -> bool:
    """Take the limit of the last request off a connection; tells whether that worked."""
    try:
        if connection.is_bound:
            bounds.release(connection)
    except psycopg.Error:
        return False
    return True


def note_served(lease: Lease, state: session.RequestState) -> None:
    """Record in the state of a request which node answers it."""
    served = "replica" if lease.connection.identity.is_in_recovery else "primary"
    state.note_served(node=lease.node.name, region=lease.node.region, role=served, reason=lease.reason)


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


def _snapshot() -> Snapshot:
    snapshot = current.snapshot()
    if not snapshot.taken_at:
        snapshot = snapshots.wait_until(lambda first: first.taken_at > 0, seconds=FIRST_PROBE_SECONDS)
    return snapshot


def _take_primary(snapshot: Snapshot, *, pool_of: PoolOf) -> Lease:
    """Take the primary; wait for a new one as long as a write may be held, then read from the freshest."""
    state = session.current()
    # A safe request only reads, whatever role it asks for: it does not wait.
    is_safe = state is not None and state.is_safe
    patience = 0.0 if is_safe else options().write_hold_seconds
    take_seconds = TAKE_SECONDS[REPLICA if is_safe else PRIMARY]
    deadline = time.monotonic() + shortest(patience)
    failures: list[NodeUnavailable] = []
    while snapshot.mode is not Mode.READ_ONLY:
        if snapshot.primary_node is not None:
            try:
                lease = _lease(snapshot.primary_node, PRIMARY, pool_of, reason=Reason.PRIMARY, seconds=take_seconds)
                if state is not None:
                    token_check.tell_lost(lease.node, snapshot, state)
                return lease
            except NodeUnavailable as error:
                failures.append(error)
        left = deadline - time.monotonic()
        if left <= 0:
            break
        taken_at = snapshot.taken_at
        snapshot = snapshots.wait_until(_newer_than(taken_at), seconds=min(left, RECHECK_SECONDS))
    # It answers its probes: this process has no connection left, or the server gives none away.
    is_full = bool(failures) and snapshot.mode is Mode.NORMAL
    if is_full and not is_safe:
        raise _no_node(failures)  # A write that got a read-only connection would be told something wrong.
    lease = _take_freshest(snapshot, pool_of=pool_of, failures=failures)
    if state is not None and state.floor is not None and _judge(lease, snapshot, state) in (Verdict.MOVE_ON, None):
        _mark_stale(state)
    return lease


def _newer_than(taken_at: float) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot.taken_at > taken_at


def _take_freshest(snapshot: Snapshot, *, pool_of: PoolOf, failures: list[NodeUnavailable]) -> Lease:
    for node in sorted(snapshot.readable, key=lambda node: (node.name != snapshot.primary, -node.lsn)):
        try:
            return _lease(node, REPLICA, pool_of, reason=Reason.STALE, seconds=TAKE_SECONDS[PRIMARY])
        except NodeUnavailable as error:
            failures.append(error)
    raise _no_node(failures)


def _take_readable(snapshot: Snapshot, *, pool_of: PoolOf, without: frozenset[str], is_last: bool) -> Lease:
    state = session.current()
    position = state.floor if state is not None and state.level == "session" else None
    failures: list[NodeUnavailable] = []
    for candidate in _candidates(snapshot, state, without=without, is_last=is_last):
        try:
            lease = _lease(candidate.node, REPLICA, pool_of, reason=candidate.reason)
        except NodeUnavailable as error:
            failures.append(error)
            continue
        if position is None or state is None:
            return lease
        answer = _judge(lease, snapshot, state)
        if answer not in (Verdict.MOVE_ON, None):
            return lease
        lease.end(is_usable=answer is not None)
    return _take_late(snapshot, state, pool_of=pool_of, failures=failures)


def _judge(lease: Lease, snapshot: Snapshot, state: session.RequestState) -> Verdict | None:
    """Judge the reader's position on this node; None: the node broke meanwhile."""
    try:
        budget = options().wait_budget_seconds
        return token_check.judge(lease.connection, lease.node, snapshot, state, budget_seconds=budget)
    except psycopg.Error:
        prober.look_now(lease.node.name)
        return None


def _take_late(
    snapshot: Snapshot, state: session.RequestState | None, *, pool_of: PoolOf, failures: list[NodeUnavailable]
) -> Lease:
    """No node has what this reader has seen, or none answers: the freshest that does, and it says so."""
    lease = _take_freshest(snapshot, pool_of=pool_of, failures=failures)
    if state is not None and state.floor is not None:
        _mark_stale(state)
    return lease


def _mark_stale(state: session.RequestState) -> None:
    state.status = "stale"
    metrics.token_checks.labels(Verdict.STALE).inc()


def _candidates(
    snapshot: Snapshot, state: session.RequestState | None, *, without: frozenset[str], is_last: bool
) -> Sequence[Candidate]:
    ranked = _ranking.of(snapshot, with_token=state is not None and state.floor is not None)
    # One node for a whole request, so that its reads agree; the primary for the last attempt.
    mine = snapshot.primary if is_last else state.node if state is not None else None
    if not without and (mine is None or not ranked or ranked[0].node.name == mine):
        return ranked
    return sorted(ranked, key=lambda each: (each.node.name in without, each.node.name != mine))


class _Ranking:
    """Remembers the order of nodes of the newest snapshot: it is asked for with every connection."""

    def __init__(self) -> None:
        self._last: tuple[Snapshot | None, str, dict[bool, Sequence[Candidate]]] = (None, "", {})

    def of(self, snapshot: Snapshot, *, with_token: bool) -> Sequence[Candidate]:
        chosen = options()
        known, region, ranked = self._last  # One look, for other threads change it.
        if known is not snapshot or region != chosen.region:
            ranked = {}
            self._last = (snapshot, chosen.region, ranked)
        if with_token not in ranked:
            limits = limits_in_force(snapshot)
            ranked[with_token] = order(snapshot, region=chosen.region, limits=limits, with_token=with_token)
        return ranked[with_token]


_ranking = _Ranking()


def _lease(node: Node, role: Role, pool_of: PoolOf, *, reason: str, seconds: float | None = None) -> Lease:
    pool = pool_of(node, role)
    try:
        connection = pool.take(seconds=shortest(TAKE_SECONDS[role] if seconds is None else seconds))
    except NodeUnavailable:
        prober.look_now(node.name)
        raise
    in_flight.register(connection.line, node=node.name)
    lease = Lease(connection, pool, node, reason, is_read_only=role == REPLICA)
    _check_again(lease, role)
    return lease


def _check_again(lease: Lease, role: Role) -> None:
    """Look once more now that the connection can be cut, and ask the node itself when the prober has not for too long.

    Raises NodeUnavailable.
    """
    snapshot = current.snapshot()
    now_known = snapshot.by_name.get(lease.node.name)
    if now_known is not None and not now_known.is_readable:
        lease.end(is_usable=False)
        raise NodeUnavailable(lease.node.name, WrongNode(now_known.reason))
    if not snapshot.taken_at or snapshot.age_seconds(time.monotonic()) < snapshots.STALE_SECONDS:
        return
    try:
        check_identity(lease.node.name, role, identify(lease.connection))
    except psycopg.Error as error:
        lease.end(is_usable=False)
        raise NodeUnavailable(lease.node.name, error) from error


def _note(lease: Lease, role: Role) -> None:
    _counter(lease.node.name, role, lease.reason).note()
    state = session.current()
    if state is None:
        return
    if role == REPLICA:
        state.node = lease.node.name
        state.note_shown(lease.node.position)
    note_served(lease, state)


@lru_cache(maxsize=256)
def _counter(node: str, role: str, reason: str) -> Noted:
    return counted(metrics.checkouts.labels(node, role, reason))


def _no_node(failures: list[NodeUnavailable]) -> NoNode:
    reasons = {failure.node: failure.cause for failure in failures}
    told = ", ".join(f"{node} ({_why(cause)})" for node, cause in reasons.items())
    return NoNode(f"No database node gives a connection: {told or 'none answers its probes'}.")


def _why(cause: psycopg.Error | None) -> str:
    return "all its connections are in use" if cause is None else first_line(cause)
