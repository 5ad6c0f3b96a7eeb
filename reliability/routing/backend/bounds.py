"""How long may this statement run? What is left of the request's deadline, kept by the server.

The session's own limit holds as long as the request has more time than that, so that this costs nothing then. A server
that hangs keeps no limit: the prober cuts its connections.
"""

from contextlib import suppress

import psycopg
from psycopg import pq, sql

from reliability.limits.deadline import remaining
from reliability.routing.backend.connection import NodeConnection
from reliability.routing.decision import PRIMARY, REPLICA, Role

SESSION_SECONDS = {PRIMARY: 15.0, REPLICA: 5.0}
"""Limits that sessions begin with, by role: `configuration.PRIMARY_SESSION` and `REPLICA_SESSION`."""
LEAST_MILLISECONDS = 1
"""0 would be no limit. What ends a transaction takes less."""
BOUND = sql.SQL("SET statement_timeout = {}")
RESET = "RESET statement_timeout"


def bind(connection: NodeConnection, role: Role) -> None:
    """Limit the next statement to the time that is left, where that is less than the session allows."""
    left = remaining()
    has_time = left is None or left >= SESSION_SECONDS[role]
    if has_time and not connection.is_bound:
        return
    if connection.pgconn.transaction_status == pq.TransactionStatus.INERROR:
        return  # Nothing but its end runs in this transaction.
    with suppress(psycopg.Error):  # Of a connection that broke, the statement itself tells.
        if left is None or has_time:
            release(connection)
        else:
            _limit(connection, left)


def release(connection: NodeConnection) -> None:
    """Give a connection the limit of its session back, for a commit or for the next request. Raises psycopg.Error."""
    with psycopg.Cursor(connection) as cursor:
        cursor.execute(RESET)
    connection.is_bound = False


def _limit(connection: NodeConnection, seconds: float) -> None:
    connection.is_bound = True
    with psycopg.Cursor(connection) as cursor:
        cursor.execute(BOUND.format(max(LEAST_MILLISECONDS, int(seconds * 1000))))
