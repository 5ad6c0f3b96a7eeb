"""Which node gets this connection? Chosen when it is taken, once per request; whoever cannot give one is passed over.

Role `default` is the primary; without one, the freshest node opens read-only, so that strong reads go on. Role
`replica` is any node that may show itself to this reader.
"""

from functools import lru_cache

from reliability.routing import current, metrics, session, snapshots
from reliability.routing.backend.lease import Lease, PoolOf
from reliability.routing.backend.reading import take_readable
from reliability.routing.backend.writing import take_primary
from reliability.routing.decision import PRIMARY, REPLICA, Role
from reliability.routing.topology import Snapshot
from reliability.telemetry.ledger import Noted, counted

FIRST_PROBE_SECONDS = 3.0
"""How long the first connection of a process waits for the prober's first round."""


def take(role: Role, *, pool_of: PoolOf, without: frozenset[str] = frozenset(), is_last: bool = False) -> Lease:
    """Take a connection for this role; nodes in `without` failed already and come last.

    `is_last`: nothing will be tried after this, so a read goes to the primary where it can. Raises NoNode.
    """
    snapshot, state = _snapshot(), session.current()
    if role == PRIMARY:
        lease = take_primary(snapshot, state, pool_of=pool_of)
    else:
        lease = take_readable(snapshot, state, pool_of=pool_of, without=without, is_last=is_last)
    node = lease.node
    _counter(node.name, role, lease.reason).note()
    if state is not None:
        state.served = lease.served
        if role == REPLICA:
            state.node = node.name
            state.note_shown(node.position)
    return lease


def _snapshot() -> Snapshot:
    snapshot = current.snapshot()
    if not snapshot.taken_at:
        snapshot = snapshots.wait_until(lambda first: first.taken_at > 0, seconds=FIRST_PROBE_SECONDS)
    return snapshot


@lru_cache(maxsize=256)
def _counter(node: str, role: str, reason: str) -> Noted:
    return counted(metrics.checkouts.labels(node, role, reason))
