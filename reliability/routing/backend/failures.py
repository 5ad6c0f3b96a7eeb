"""What does this error of a query mean for the node, and for the query? Pure: SQLSTATE in, outcome out.

Source of the codes: PostgreSQL, Appendix A.
"""

from enum import StrEnum

LOST_STATES = frozenset({"57P01", "57P02", "57P03", "57P05", "08000", "08001", "08003", "08004", "08006"})
"""admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout, and class 08: connection exceptions."""
READS = ("SELECT", "TABLE", "VALUES", "SHOW", "EXPLAIN", "(SELECT")


class Failure(StrEnum):
    """Why a query failed, as far as another node could do better; the value is the label of the metric."""

    LOST = "lost"
    """The connection broke, or its server is going away."""
    FULL = "full"
    """The node lacks what it needs: connections (53300), space on its disk (53100) or memory (53200)."""
    CONFLICT = "conflict"
    """Replay needed rows that the query was reading (40001 on a standby)."""
    LOCKED = "locked"
    """The query stood behind a lock, that of replayed DDL on a standby (55P03)."""
    SLOW = "slow"
    """The query was canceled (57014), by `statement_timeout` most of the time."""
    PLAN = "plan"
    """A table has changed since this connection prepared the statement (0A000, by DDL of a migration)."""
    READ_ONLY = "read_only"
    """A write met a node or a transaction that is read-only (25006)."""
    OTHER = "other"
    """Everything else: another node would answer the same."""


BY_STATE = {
    "53100": Failure.FULL,
    "53200": Failure.FULL,
    "53300": Failure.FULL,
    "40001": Failure.CONFLICT,
    "55P03": Failure.LOCKED,
    "57014": Failure.SLOW,
    "0A000": Failure.PLAN,
    "25006": Failure.READ_ONLY,
}
ELSEWHERE = frozenset({Failure.LOST, Failure.FULL, Failure.CONFLICT, Failure.LOCKED, Failure.SLOW, Failure.PLAN})
"""Failures of a read that another node may not have."""


def classify(*, sqlstate: str | None, is_broken: bool) -> Failure:
    """Tell what an error means; `is_broken`: the connection cannot be used any more."""
    if is_broken or sqlstate in LOST_STATES:
        return Failure.LOST
    return BY_STATE.get(sqlstate or "", Failure.OTHER)


def may_write(sql: str) -> bool:
    """Tell whether a statement may have changed something; in doubt it may."""
    return not sql.lstrip()[:8].upper().startswith(READS)
