"""How is a server asked by somebody who must not wait for it? With a deadline that this side keeps."""

import asyncio
import os
import select
import socket
from typing import Any

import psycopg

from reliability.routing.probe_query import IDENTITY
from reliability.routing.topology import Address

GRACE_SECONDS = 0.1
"""An answer that has arrived while this process was busy is no failure of the node."""
SESSION = (
    "-c synchronous_commit=local -c statement_timeout=2000 -c lock_timeout=200 -c default_transaction_read_only=off"
)
"""A heartbeat that waited for standbys would tell of them, not of the primary."""
Connection = psycopg.AsyncConnection[Any]
Identity = tuple[str, float]
"""Which server it is: the identifier of its cluster, and when it was started."""


async def connect(address: Address, database: str, *, seconds: float, deadline: float) -> tuple[Connection, Identity]:
    """Connect within `seconds`, and ask the server who it is, within `deadline`.

    Raises psycopg.Error, OSError, TimeoutError.
    """
    parameters: dict[str, Any] = {
        **address.parameters,
        "host": address.host,
        "port": address.port,
        "dbname": database,
        "autocommit": True,
        "prepare_threshold": None,
        "connect_timeout": 2,
        "application_name": "routing-prober",
        "options": SESSION,
    }
    async with asyncio.timeout(seconds):
        connection = await Connection.connect(**parameters)
    try:
        system_id, started_at = await ask(connection, IDENTITY, seconds=deadline)
    except BaseException:
        await connection.close()
        raise
    return connection, (system_id, started_at)


async def ask(connection: Connection, sql: str, values: Any = None, *, seconds: float) -> Any:
    """Run a statement and give its first row; who does not answer in time is cut off, with TimeoutError.

    Not by canceling: psycopg would ask the server to cancel, and wait for one that does not answer.
    """
    loop = asyncio.get_running_loop()
    knife = Knife(connection, loop)
    handle = loop.call_later(seconds, knife.cut, GRACE_SECONDS)
    try:
        async with connection.cursor() as cursor:
            await cursor.execute(sql.encode(), values)
            return await cursor.fetchone() if cursor.description else None
    except psycopg.Error as error:
        if knife.has_cut:
            raise TimeoutError(f"no answer within {seconds:.1f} s") from error
        raise
    finally:
        handle.cancel()
        knife.put_away()


class Knife:
    """Cuts a connection that took too long, unless its answer is there and only this process was late."""

    def __init__(self, connection: Connection, loop: asyncio.AbstractEventLoop) -> None:
        self.has_cut = False
        self._connection = connection
        self._loop = loop
        self._handle: asyncio.TimerHandle | None = None

    def cut(self, grace_seconds: float) -> None:
        """Cut now, or once more after the grace when there is something to read."""
        descriptor = self._connection.pgconn.socket
        if grace_seconds and select.select([descriptor], [], [], 0)[0]:
            self._handle = self._loop.call_later(grace_seconds, self.cut, 0.0)
            return
        self.has_cut = True
        with socket.socket(fileno=os.dup(descriptor)) as twin:
            twin.shutdown(socket.SHUT_RDWR)

    def put_away(self) -> None:
        """Do not cut any more."""
        if self._handle is not None:
            self._handle.cancel()
