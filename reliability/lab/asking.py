"""How is a node asked and told something, when it may hang, or break off for what it replays just then?"""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import psycopg.sql

from reliability.lab.servers import POLL_SECONDS, Postgres

CONNECT_SECONDS = 2
"""libpq knows no shorter limit."""
QUERY_SECONDS = 10
WAIT_SECONDS = 60
"""Far beyond what a node needs to follow or to end its recovery: it bounds a hang."""
CONFLICTS_LIMIT = 10
"""How often a statement is tried on a standby that catches up."""

Result = TypeVar("Result")


class NodeFailed(Exception):
    """A node did not do what it was told to; the message names the node."""


class Answering(Postgres):
    """A server with a name, of which every question ends in time."""

    def __init__(self, *, name: str, folder: Path, options: Mapping[str, str] | None = None) -> None:
        super().__init__(folder=folder, options=options)
        self.node = name

    @contextmanager
    def connect(self) -> Iterator["psycopg.Connection[tuple[Any, ...]]"]:
        """Give a connection in autocommit mode. A node that hangs costs at most CONNECT_SECONDS."""
        with psycopg.connect(self.url, autocommit=True, connect_timeout=CONNECT_SECONDS) as connection:
            yield connection

    def query(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and give its rows, within QUERY_SECONDS even when the node hangs meanwhile.

        Raises psycopg.OperationalError when the node does not answer.
        """
        return _insist(lambda: self._query_once(sql, values))

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """Run one statement and give the first column of its only row. Raises as `query` does."""
        [(value, *_)] = self.query(sql, values)
        return value

    def configure(self, settings: Mapping[str, str]) -> None:
        """Change settings of the running node that need no restart, and wait until they hold."""
        _insist(lambda: self._configure_once(settings))

    def _query_once(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
        with self.connect() as connection, _limited(connection, QUERY_SECONDS):
            cursor = connection.execute(sql.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def _configure_once(self, settings: Mapping[str, str]) -> None:
        with self.connect() as connection, _limited(connection, QUERY_SECONDS):
            loaded = connection.execute("SELECT pg_conf_load_time()").fetchone()
            for name, value in settings.items():
                statement = psycopg.sql.SQL("ALTER SYSTEM SET {} = {}")
                connection.execute(statement.format(psycopg.sql.Identifier(name), psycopg.sql.Literal(value)))
            connection.execute("SELECT pg_reload_conf()")
            wait(
                lambda: connection.execute("SELECT pg_conf_load_time()").fetchone() != loaded,
                f"{self.node} does not read its settings again",
            )


def wait(is_true: Callable[[], bool], complaint: str) -> None:
    """Wait until something is true. Raises NodeFailed with the complaint after WAIT_SECONDS."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not is_true():
        if time.monotonic() > deadline:
            raise NodeFailed(f"{complaint}; waited {WAIT_SECONDS} s.")
        time.sleep(POLL_SECONDS)


@contextmanager
def _limited(connection: "psycopg.Connection[Any]", seconds: float) -> Iterator[None]:
    """Cut the connection when the block takes longer: statement_timeout is kept by the server, which may hang."""
    timer = threading.Timer(seconds, _cut, [connection])
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: "psycopg.Connection[Any]") -> None:
    with socket.socket(fileno=os.dup(connection.fileno())) as twin:
        twin.shutdown(socket.SHUT_RDWR)


def _insist(work: Callable[[], Result]) -> Result:
    """Do it again when a standby breaks it off for what it replays just then, as it does after a long delay."""
    for left in reversed(range(CONFLICTS_LIMIT)):
        try:
            return work()
        except (psycopg.errors.SerializationFailure, psycopg.errors.AdminShutdown):
            if not left:
                raise
    raise AssertionError("the loop returns or raises")
