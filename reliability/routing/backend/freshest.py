"""Where is read when no node is as it should be? On the freshest that answers: old data is better than none."""

import psycopg

from reliability.routing import metrics
from reliability.routing.backend.lease import TAKE_SECONDS, Lease, PoolOf, lease
from reliability.routing.backend.pools import NodeUnavailable
from reliability.routing.decision import PRIMARY, REPLICA, Reason, Verdict
from reliability.routing.driver_errors import first_line
from reliability.routing.session import RequestState
from reliability.routing.topology import Snapshot


class NoNode(psycopg.OperationalError):
    """No node gave a connection; the message names each, and why."""

    def __init__(self, failures: list[NodeUnavailable]) -> None:
        reasons = {failure.node: failure.cause for failure in failures}
        told = ", ".join(f"{node} ({_why(cause)})" for node, cause in reasons.items())
        super().__init__(f"No database node gives a connection: {told or 'none answers its probes'}.")


def take_freshest(snapshot: Snapshot, *, pool_of: PoolOf, failures: list[NodeUnavailable]) -> Lease:
    """Take a connection of the node that is furthest, to read from. Raises NoNode, with the failures before it."""
    for node in sorted(snapshot.readable, key=lambda node: (node.name != snapshot.primary, -node.lsn)):
        try:
            return lease(node, REPLICA, pool_of, reason=Reason.STALE, seconds=TAKE_SECONDS[PRIMARY])
        except NodeUnavailable as error:
            failures.append(error)
    raise NoNode(failures)


def mark_stale(state: RequestState) -> None:
    """Have the answer say that it may lack what its reader has seen, unless it says more already."""
    if state.status is not None:
        return
    state.status = "stale"
    metrics.token_checks.labels(Verdict.STALE).inc()


def _why(cause: psycopg.Error | None) -> str:
    return "all its connections are in use" if cause is None else first_line(cause)
