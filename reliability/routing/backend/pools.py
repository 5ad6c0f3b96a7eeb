"""Where do connections come from? One pool for each node and role in this process, made on first use.

Nothing checks idle connections in the background, and no `SELECT 1` runs when one is taken: an event (a node that went
down, a new epoch, error 25006) drains the pool, and a socket that the server closed is seen without asking it.
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from reliability.routing import metrics
from reliability.routing.backend.connection import NodeConnection

SLICE_SECONDS = 0.02
"""How often who waits for a connection looks whether the node has refused one meanwhile."""
MAX_IDLE_SECONDS = 300.0
NO_RETRY = 0.0
"""The pool does not go on connecting to a dead node: the next taker tries, and the prober knows when it is back."""

# Four lines of level INFO for each request, and warnings of what is reported here anyway.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class NodeUnavailable(Exception):
    """The node gave no connection in time. `cause` is why, None: all its connections were in use."""

    def __init__(self, node: str, cause: psycopg.Error | None) -> None:
        super().__init__(node)
        self.node = node
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Recipe:
    """How connections of one pool are made."""

    node: str
    role: str
    parameters: dict[str, Any] = field(repr=False)
    """Of psycopg.connect; they hold the password."""
    prepare: Callable[[NodeConnection], None]
    """Called with each new connection; raises psycopg.Error to refuse it."""
    min_size: int = 1
    max_size: int = 8


class NodePool:
    """The connections of one node and role, and why the last attempt to make one failed."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self._failures = 0
        self._failure: psycopg.Error | None = None
        self._pool = ConnectionPool(
            kwargs={**recipe.parameters, "autocommit": True},
            connection_class=self._connection_class(),
            min_size=min(recipe.min_size, recipe.max_size),
            max_size=recipe.max_size,
            max_idle=MAX_IDLE_SECONDS,
            reconnect_timeout=NO_RETRY,
            num_workers=1,
            name=f"{recipe.node}-{recipe.role}",
            open=True,
        )

    def take(self, *, seconds: float) -> NodeConnection:
        """Take a connection whose server has not hung up, within this time. Raises NodeUnavailable."""
        seen, deadline = self._failures, time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            try:
                connection = self._pool.getconn(timeout=min(SLICE_SECONDS, max(left, 0.0001)))
            except PoolTimeout:
                if self._failures != seen or left <= 0:
                    raise NodeUnavailable(self.recipe.node, self._failure if self._failures != seen else None) from None
                continue
            except PoolClosed:
                raise NodeUnavailable(self.recipe.node, self._failure) from None
            if not connection.is_dead:
                return connection
            self.give_back(connection, is_usable=False)

    def give_back(self, connection: NodeConnection, *, is_usable: bool = True) -> None:
        """Return a connection; one that is not usable is closed, and replaced when it is needed."""
        if not is_usable:
            connection.close()
        self._pool.putconn(connection)

    def drain(self) -> None:
        """Close the idle connections now, and those in use when they come back."""
        self._pool.drain()

    def close(self) -> None:
        """Close the pool; who waits for a connection gets NodeUnavailable."""
        self._pool.close(timeout=0)

    def sizes(self) -> dict[str, int]:
        """Count connections and those who wait, as psycopg_pool names them."""
        return self._pool.get_stats()

    def _connection_class(self) -> type[NodeConnection]:
        pool = self

        class Connection(NodeConnection):
            @classmethod
            def connect(cls, conninfo: str = "", **kwargs: Any) -> Any:
                connection = None
                try:
                    connection = super().connect(conninfo, **kwargs)
                    pool.recipe.prepare(connection)
                except psycopg.Error as error:
                    if connection is not None:
                        connection.close()  # Refused: the server may be well, and would keep it.
                    pool._failure, pool._failures = error, pool._failures + 1
                    raise
                return connection

        return Connection


Key = tuple[str, str, str]
"""Node, role, database."""


class Pools:
    """All pools of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pools: dict[Key, NodePool] = {}

    def of(self, node: str, role: str, database: str, *, make: Callable[[], NodePool]) -> NodePool:
        """Give the pool of a node, role and database, made on first use."""
        key = (node, role, database)
        pool = self._pools.get(key)
        if pool is not None:
            return pool
        with self._lock:
            if key not in self._pools:
                self._pools[key] = make()
            return self._pools[key]

    def drain(self, node: str, *, reason: str) -> None:
        """Replace the connections of a node, which answers but is not what it was."""
        for pool in self._of_node(node):
            metrics.pool_drains.labels(node, pool.recipe.role, reason).inc()
            pool.drain()

    def discard(self, node: str, *, reason: str) -> None:
        """Close the pools of a node that is not to be used; a taker makes new ones when it is used again."""
        with self._lock:
            gone = [self._pools.pop(key) for key in list(self._pools) if key[0] == node]
        for pool in gone:
            metrics.pool_drains.labels(node, pool.recipe.role, reason).inc()
            pool.close()

    def close(self, *, role: str | None = None) -> None:
        """Close all pools, or those of one role."""
        with self._lock:
            gone = [self._pools.pop(key) for key in list(self._pools) if role in (None, key[1])]
        for pool in gone:
            pool.close()

    def all(self) -> list[NodePool]:
        with self._lock:
            return list(self._pools.values())

    def abandon(self) -> None:
        """Forget all pools in a child after a fork: their threads and sockets are the parent's."""
        # Kept referenced for ever: their destructors would wait for threads that this process does not have.
        _abandoned.append(self._pools)
        self._pools, self._lock = {}, threading.Lock()

    def _of_node(self, node: str) -> list[NodePool]:
        with self._lock:
            return [pool for key, pool in self._pools.items() if key[0] == node]


_abandoned: list[dict[Key, NodePool]] = []
pools = Pools()
atexit.register(pools.close)
os.register_at_fork(after_in_child=pools.abandon)
