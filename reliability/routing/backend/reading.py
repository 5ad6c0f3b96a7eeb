"""Which node may show itself to this reader? The best one first; one that lacks what was seen before is passed over."""

from collections.abc import Sequence

from reliability.routing.backend import token_check
from reliability.routing.backend.freshest import mark_stale, take_freshest
from reliability.routing.backend.lease import Lease, PoolOf, lease
from reliability.routing.backend.pools import NodeUnavailable
from reliability.routing.current import limits_in_force, options
from reliability.routing.decision import REPLICA, Candidate, Verdict, order
from reliability.routing.session import RequestState
from reliability.routing.topology import Snapshot


def take_readable(
    snapshot: Snapshot, state: RequestState | None, *, pool_of: PoolOf, without: frozenset[str], is_last: bool
) -> Lease:
    """Take a connection of the first node that gives one and has what this reader has seen. Raises NoNode."""
    position = state.floor if state is not None else None
    failures: list[NodeUnavailable] = []
    for candidate in _candidates(snapshot, state, with_token=position is not None, without=without, is_last=is_last):
        try:
            taken = lease(candidate.node, REPLICA, pool_of, reason=candidate.reason)
        except NodeUnavailable as error:
            failures.append(error)
            continue
        if position is None or state is None or state.level != "session":
            return taken
        answer = token_check.judge(taken, state, position)
        if answer not in (Verdict.MOVE_ON, None):
            return taken
        taken.end(is_usable=answer is not None)
    # No node has what this reader has seen, or none answers: the freshest that does, and it says so.
    taken = take_freshest(snapshot, pool_of=pool_of, failures=failures)
    if state is not None and position is not None:
        token_check.tell_lost(taken.node, state)
        mark_stale(state)
    return taken


def _candidates(
    snapshot: Snapshot, state: RequestState | None, *, with_token: bool, without: frozenset[str], is_last: bool
) -> Sequence[Candidate]:
    ranked = _ranked(snapshot, with_token)
    # One node for a whole request, so that its reads agree; the primary for the last attempt.
    mine = snapshot.primary if is_last else state.node if state is not None else None
    if not without and (mine is None or not ranked or ranked[0].node.name == mine):
        return ranked
    return sorted(ranked, key=lambda each: (each.node.name in without, each.node.name != mine))


def _ranked(snapshot: Snapshot, with_token: bool) -> Sequence[Candidate]:
    """Remember the order of nodes of the newest snapshot: it is asked for with every connection."""
    global _last
    chosen = options()
    known, region, ranked = _last  # One look, for other threads change it.
    if known is not snapshot or region != chosen.region:
        ranked = {}
        _last = (snapshot, chosen.region, ranked)
    if with_token not in ranked:
        limits = limits_in_force(snapshot)
        ranked[with_token] = order(snapshot, region=chosen.region, limits=limits, with_token=with_token)
    return ranked[with_token]


_last: tuple[Snapshot | None, str, dict[bool, Sequence[Candidate]]] = (None, "", {})
