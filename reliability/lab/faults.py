"""Which faults need more than one order to a node? Those that the servers make themselves, on a real cluster.

Kill, hang, pause, delay and promote are methods of nodes and clusters; cut and slow links are methods of links.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
from psycopg import sql

from reliability.lab.asking import CONNECT_SECONDS
from reliability.lab.cluster import Cluster
from reliability.lab.node import Node

NOBODY = "ANY 1 (nobody)"
"""A synchronous standby that does not exist."""


@contextmanager
def commits_stalled(nodes: Cluster) -> Iterator[None]:
    """Let every COMMIT wait for a standby that never confirms; afterwards those that still wait go on."""
    nodes.primary.configure({"synchronous_standby_names": NOBODY})
    try:
        yield
    finally:
        nodes.primary.configure({"synchronous_standby_names": ""})


@contextmanager
def table_locked(nodes: Cluster, table: str) -> Iterator[None]:
    """Hold the lock that DDL takes, on the primary and, once replayed, on every standby: reads of `table` wait."""
    with psycopg.connect(nodes.primary.url, connect_timeout=CONNECT_SECONDS) as connection:
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(table)))
        # The lock goes into the log at once, but is sent only with something that is flushed.
        nodes.primary.query("SELECT pg_logical_emit_message(true, 'lab', 'flush')")
        nodes.wait_until_caught_up()
        yield
        connection.rollback()


@contextmanager
def connections_exhausted(node: Node) -> Iterator[int]:
    """Take every connection that the node gives, so that the next one fails with 53300; gives their number."""
    with ExitStack() as stack:
        taken = 0
        while True:
            try:
                connection = psycopg.connect(node.url, connect_timeout=CONNECT_SECONDS, autocommit=True)
            except psycopg.OperationalError:
                break
            stack.enter_context(connection)
            taken += 1
        yield taken


def conflict(nodes: Cluster, table: str) -> None:
    """Remove row versions of `table` for good: a standby cancels queries that could still see them (40001).

    It does so after `max_standby_streaming_delay`, and only those whose snapshot is older than this call.
    """
    with nodes.primary.connect() as connection:
        connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        connection.execute(sql.SQL("VACUUM {}").format(sql.Identifier(table)))
