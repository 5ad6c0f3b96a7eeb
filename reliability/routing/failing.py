"""What does an error of the database mean for the person whose request it ended?"""

from django.db import DatabaseError, InterfaceError, OperationalError

from reliability.routing import current
from reliability.routing.answers import Problem
from reliability.routing.backend.commit import CommitUnknown
from reliability.routing.backend.failures import Failure, classify
from reliability.routing.mode import Mode
from reliability.routing.session import RequestState

NODE_FAILURES = frozenset({Failure.LOST, Failure.FULL, Failure.READ_ONLY})
"""The node failed, not the query: locks and timeouts are faults like others, and reported as such."""


def problem_of(error: Exception, state: RequestState) -> Problem | None:
    """Choose what is told; None: this is no failure of a node, so Django reports it.

    When a transaction of this request was committed before, part of it is saved: then nobody is told that nothing was.
    """
    if isinstance(error, CommitUnknown):
        return Problem.COMMIT_UNKNOWN
    failure = failure_of(error)
    if failure not in NODE_FAILURES:
        return None
    if state.has_committed:
        return Problem.COMMIT_UNKNOWN
    return Problem.UNAVAILABLE if state.is_safe and failure is not Failure.READ_ONLY else Problem.READ_ONLY


def is_captured_write(error: Exception, state: RequestState) -> bool:
    """Tell whether a request that promised to change nothing wrote on a standby, and may run again on the primary.

    It had no effect: the standby refused it, and nothing was committed or sent before.
    """
    if not state.is_safe or state.is_pinned or state.has_committed or state.has_sent:
        return False
    return failure_of(error) is Failure.READ_ONLY and current.snapshot().mode is not Mode.READ_ONLY


def failure_of(error: BaseException | None) -> Failure:
    """Classify an error as Django raises it. Without an SQLSTATE no server has answered: the connection failed."""
    if not isinstance(error, DatabaseError | InterfaceError):
        return Failure.OTHER
    state = getattr(error.__cause__, "sqlstate", None)
    is_broken = state is None and error.__cause__ is not None and isinstance(error, OperationalError | InterfaceError)
    return classify(sqlstate=state, is_broken=is_broken)
