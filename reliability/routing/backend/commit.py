"""Was it committed, and where in the log does it stand? One message ends it and brings its position."""

import psycopg
from django.db.utils import OperationalError
from psycopg import pq

from reliability.routing.backend.connection import NodeConnection

COMMIT = (
    "SELECT pg_current_xact_id_if_assigned() IS NOT NULL; COMMIT; SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"
)
"""The transaction's id first: without one it changed nothing, and needs no position. One round trip."""


class CommitUnknown(OperationalError):
    """The connection was lost during a commit: whether it happened, nobody can tell. Never repeated by itself."""


class UnconfirmedCommit(CommitUnknown):
    """It is committed on the primary, which stopped waiting for its standbys: a failover may lose it."""


def commit(connection: NodeConnection) -> int | None:
    """Commit, and return the position after it in bytes; None when the transaction changed nothing.

    Raises CommitUnknown when the connection is lost meanwhile, UnconfirmedCommit, psycopg.Error.
    """
    if not _has_position(connection):
        connection.commit()
        return None
    connection.is_unconfirmed = False
    try:
        with psycopg.Cursor(connection) as cursor:
            cursor.execute(COMMIT, prepare=False)
            [(has_changed,)] = cursor.fetchall()
            cursor.nextset()
            cursor.nextset()
            [(lsn,)] = cursor.fetchall()
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        if connection.pgconn.status != pq.ConnStatus.OK:
            raise CommitUnknown(f"The connection to {connection.node} was lost during COMMIT.") from error
        raise
    if connection.is_unconfirmed:
        raise UnconfirmedCommit(f"{connection.node} committed, and no standby confirmed it.")
    return int(lsn) if has_changed else None


def _has_position(connection: NodeConnection) -> bool:
    """A standby has no position of its own; in a failed transaction the question would be refused, not the commit."""
    in_transaction = connection.pgconn.transaction_status == pq.TransactionStatus.INTRANS
    return in_transaction and not connection.identity.is_in_recovery
