"""Does the node behind this connection show what its reader has seen? Free most of the time, else one small query."""

import time
from functools import cache

from reliability.routing import metrics, prober
from reliability.routing.backend.connection import NodeConnection, position_of
from reliability.routing.decision import Verdict, verdict, verdict_after_asking
from reliability.routing.session import RequestState
from reliability.routing.topology import Node, Snapshot
from reliability.telemetry.ledger import Noted, counted

POLL_SECONDS = 0.002
STATUS = {Verdict.LOST: "lost", Verdict.UNKNOWN: "unknown"}


def judge(
    connection: NodeConnection, node: Node, snapshot: Snapshot, state: RequestState, *, budget_seconds: float
) -> Verdict:
    """Judge the position of a reader on a node, asking and waiting within the budget; counted in the metric.

    MOVE_ON: take another node. LOST and UNKNOWN are noted in the state, and any node may answer. Raises psycopg.Error.
    """
    position = state.floor
    if position is None:
        return Verdict.FREE
    ago = max(0.0, time.time() - state.issued_at) if state.issued_at else 0.0
    answer = verdict(
        position,
        node,
        snapshot,
        budget_seconds=budget_seconds,
        started_at=connection.identity.started_at,
        issued_seconds_ago=ago,
    )
    deadline, asked = time.monotonic() + budget_seconds, answer
    while answer in (Verdict.ASK, Verdict.WAIT):
        asked = answer
        if answer is Verdict.WAIT:
            time.sleep(POLL_SECONDS)
        answer = verdict_after_asking(
            position,
            replayed_lsn=position_of(connection),
            node=node,
            left_seconds=deadline - time.monotonic(),
            issued_seconds_ago=ago,
        )
    _note(answer, asked, state)
    return answer


def tell_lost(node: Node, snapshot: Snapshot, state: RequestState) -> None:
    """Note, without asking anybody, when the primary will never show what the reader has seen."""
    position = state.floor
    if position is None or state.status is not None:
        return
    if verdict(position, node, snapshot, budget_seconds=0.0) is Verdict.LOST:
        _note(Verdict.LOST, Verdict.LOST, state)


def _note(answer: Verdict, asked: Verdict, state: RequestState) -> None:
    """Count how the answer was found; a position that no node can ever have is asked about no more."""
    _counter(asked if answer is Verdict.FREE else answer).note()
    if answer in STATUS:
        state.status = STATUS[answer]
    if answer is Verdict.UNKNOWN:
        prober.look_now()


@cache
def _counter(found: Verdict) -> Noted:
    return counted(metrics.token_checks.labels(found))
