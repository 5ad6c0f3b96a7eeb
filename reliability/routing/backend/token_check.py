"""Does the node behind this connection show what its reader has seen? Free most of the time, else one small query."""

import time
from functools import cache

import psycopg

from reliability.routing import current, metrics, prober
from reliability.routing.backend.connection import position_of
from reliability.routing.backend.lease import Lease
from reliability.routing.current import options
from reliability.routing.decision import Verdict, verdict, verdict_after_asking
from reliability.routing.position import Position
from reliability.routing.session import RequestState
from reliability.routing.topology import Node
from reliability.telemetry.ledger import Noted, counted

POLL_SECONDS = 0.002
STATUS = {Verdict.LOST: "lost", Verdict.UNKNOWN: "unknown"}


def judge(taken: Lease, state: RequestState, position: Position) -> Verdict | None:
    """Judge what a reader has seen on a node, asking and waiting within the budget; counted in the metric.

    MOVE_ON: take another node; None: this one broke meanwhile. LOST and UNKNOWN are noted in the state, and any node
    may answer. The newest snapshot judges, not the one that the node was chosen by: the connection may have been made
    after a promotion in between, and what it shows is then of another history.
    """
    budget = options().wait_budget_seconds
    ago = max(0.0, time.time() - state.issued_at) if state.issued_at else 0.0
    answer = asked = verdict(
        position,
        taken.node,
        current.snapshot(),
        budget_seconds=budget,
        started_at=taken.connection.identity.started_at,
        issued_seconds_ago=ago,
    )
    if answer is Verdict.ASK:
        try:
            asked, answer = _ask(taken, position, budget_seconds=budget, issued_seconds_ago=ago)
        except psycopg.Error:
            prober.look_now(taken.node.name)
            return None
    _note(answer, asked, state)
    return answer


def _ask(
    taken: Lease, position: Position, *, budget_seconds: float, issued_seconds_ago: float
) -> tuple[Verdict, Verdict]:
    """Ask the node until it has the position or will not have it in time: how it was found out, and what."""
    deadline, answer = time.monotonic() + budget_seconds, Verdict.ASK
    while answer in (Verdict.ASK, Verdict.WAIT):
        asked = answer
        if answer is Verdict.WAIT:
            time.sleep(POLL_SECONDS)
        answer = verdict_after_asking(
            position,
            replayed_lsn=position_of(taken.connection),
            node=taken.node,
            left_seconds=deadline - time.monotonic(),
            issued_seconds_ago=issued_seconds_ago,
        )
    return asked, answer


def tell_lost(node: Node, state: RequestState) -> None:
    """Note, without asking anybody, when no node will ever show what the reader has seen."""
    position = state.floor
    if position is None or state.status == STATUS[Verdict.LOST]:
        return
    if verdict(position, node, current.snapshot(), budget_seconds=0.0) is Verdict.LOST:
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
