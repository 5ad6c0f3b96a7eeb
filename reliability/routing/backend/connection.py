"""What is a connection to a node, beyond psycopg's? It knows its node, and can be cut."""

import select
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq

from reliability.routing.backend.inflight import Line

IDENTITY = """
SELECT (SELECT system_identifier FROM pg_control_system())::text,
       pg_is_in_recovery(),
       extract(epoch FROM pg_postmaster_start_time())::float8,
       CASE WHEN NOT pg_is_in_recovery()
            THEN ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int END
"""
NEWEST_EPOCH = "SELECT timeline, epoch_id FROM reliability_routing_epoch WHERE system_id = %s ORDER BY timeline DESC"
POSITION = """
SELECT pg_is_in_recovery(),
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0'::pg_lsn
"""
"""How far a node is, in bytes: replayed on a standby, written on a primary."""


class WrongNode(psycopg.OperationalError):
    """Behind the address is not the node that is wanted: another cluster, a history that was left, a former primary."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What a server says of itself when a connection is made."""

    system_id: str
    is_in_recovery: bool
    started_at: float
    """Seconds since 1970, by the clock of the server."""
    timeline: int
    """That of its log on a writable node, else of its newest epoch row; 0: none."""
    epoch_id: str
    """Of its newest epoch row; empty: none."""


class NodeConnection(psycopg.Connection[Any]):
    """A connection of a pool."""

    node: str
    line: Line
    identity: Identity
    is_bound = False
    """Its statements are limited to what is left of the request that uses it."""
    is_unconfirmed = False
    """The last commit was not confirmed by the standbys that it waited for (warning 01000)."""

    @property
    def is_dead(self) -> bool:
        """Tell, without asking the server, that it has hung up or said good-bye.

        A server in order says nothing while it is not asked: what can be read is the end of the connection. Costs a
        system call, where `SELECT 1` costs a round trip.
        """
        if self.pgconn.status != pq.ConnStatus.OK:
            return True
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        return bool(poll.poll(0))


def prepare(connection: NodeConnection, *, node: str, check: Callable[[Identity], None], role: str = "") -> None:
    """Make a new connection ready: ask the server what it is, and refuse it when `check` does.

    `role` is set for the session where the alias has the option `assume_role`. Raises WrongNode, psycopg.Error.
    """
    connection.node = node
    connection.line = Line(connection.pgconn.socket)
    connection.identity = identify(connection)
    check(connection.identity)
    connection.add_notice_handler(lambda diagnostic: _notice(connection, diagnostic))
    if role:
        connection.execute(psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(role)))


def identify(connection: psycopg.Connection[Any]) -> Identity:
    """Ask a server what it is; two round trips. The connection is in autocommit mode. Raises psycopg.Error."""
    # Not by the connection's own cursors: they count, and belong to Django.
    with psycopg.Cursor(connection) as cursor:
        [(system_id, is_in_recovery, started_at, timeline)] = cursor.execute(IDENTITY).fetchall()
        try:
            row = cursor.execute(NEWEST_EPOCH, [system_id]).fetchone()
        except psycopg.errors.UndefinedTable:  # Not migrated yet.
            row = None
    newest, epoch_id = row or (0, "")
    if timeline is not None and timeline != newest:
        return Identity(system_id, is_in_recovery, started_at, timeline, "")
    return Identity(system_id, is_in_recovery, started_at, newest, epoch_id)


def position_of(connection: NodeConnection) -> int:
    """Ask how far the node is, in bytes; one round trip of about 40 us.

    Raises WrongNode when the node was promoted under this connection: its log passes the numbers of the former one with
    other contents. Raises psycopg.Error.
    """
    with psycopg.Cursor(connection) as cursor:
        [(is_in_recovery, lsn)] = cursor.execute(POSITION).fetchall()
    if is_in_recovery != connection.identity.is_in_recovery:
        raise WrongNode(f"{connection.node} was promoted under a connection.")
    return int(lsn or 0)


def _notice(connection: NodeConnection, diagnostic: psycopg.errors.Diagnostic) -> None:
    # By the function that warns: the text is translated on some servers.
    if diagnostic.sqlstate == "01000" and diagnostic.source_function == "SyncRepWaitForLSN":
        connection.is_unconfirmed = True
