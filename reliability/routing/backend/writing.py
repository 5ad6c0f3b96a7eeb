"""Where is the primary? Whoever may write waits a little for a new one; whoever only reads takes what there is."""

import time
from collections.abc import Callable

from reliability.limits.deadline import shortest
from reliability.routing import snapshots
from reliability.routing.backend import token_check
from reliability.routing.backend.freshest import NoNode, mark_stale, take_freshest
from reliability.routing.backend.lease import TAKE_SECONDS, Lease, PoolOf, lease
from reliability.routing.backend.pools import NodeUnavailable
from reliability.routing.current import options
from reliability.routing.decision import PRIMARY, REPLICA, Reason, Verdict
from reliability.routing.mode import Mode
from reliability.routing.session import RequestState
from reliability.routing.topology import Snapshot

RECHECK_SECONDS = 0.25
"""Pause between two looks for a primary, when no probe brings news."""


def take_primary(snapshot: Snapshot, state: RequestState | None, *, pool_of: PoolOf) -> Lease:
    """Take the primary; wait for a new one as long as a write may be held, then read from the freshest.

    Raises NoNode.
    """
    # A safe request only reads, whatever role it asks for: it does not wait.
    is_safe = state is not None and state.is_safe
    patience = 0.0 if is_safe else options().write_hold_seconds
    take_seconds = TAKE_SECONDS[REPLICA if is_safe else PRIMARY]
    deadline = time.monotonic() + shortest(patience)
    failures: list[NodeUnavailable] = []
    while snapshot.mode is not Mode.READ_ONLY:
        if snapshot.primary_node is not None:
            try:
                taken = lease(snapshot.primary_node, PRIMARY, pool_of, reason=Reason.PRIMARY, seconds=take_seconds)
                if state is not None:
                    token_check.tell_lost(taken.node, state)
                return taken
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
        raise NoNode(failures)  # A write that got a read-only connection would be told something wrong.
    return _take_stand_in(snapshot, state, pool_of=pool_of, failures=failures)


def _take_stand_in(
    snapshot: Snapshot, state: RequestState | None, *, pool_of: PoolOf, failures: list[NodeUnavailable]
) -> Lease:
    taken = take_freshest(snapshot, pool_of=pool_of, failures=failures)
    position = state.floor if state is not None else None
    if (
        state is not None
        and position is not None
        and token_check.judge(taken, state, position) in (Verdict.MOVE_ON, None)
    ):
        mark_stale(state)
    return taken


def _newer_than(taken_at: float) -> Callable[[Snapshot], bool]:
    return lambda snapshot: snapshot.taken_at > taken_at
