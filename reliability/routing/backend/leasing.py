"""A connection of Django that is a lease: from a node's pool for the first query, given back after the last one."""

from typing import Any

from django.db.backends.base.base import NO_DB_ALIAS, BaseDatabaseWrapper
from django.db.backends.postgresql import base
from django.db.backends.signals import connection_created
from psycopg import IsolationLevel, pq

from reliability.routing import prober, session
from reliability.routing.backend import checkout
from reliability.routing.backend.connection import NodeConnection
from reliability.routing.backend.lease import Lease
from reliability.routing.backend.pools import NodePool, pools
from reliability.routing.backend.recipes import recipe
from reliability.routing.decision import PRIMARY, REPLICA, Role
from reliability.routing.topology import Node


class LeasingWrapper(base.DatabaseWrapper):
    """Django's wrapper of PostgreSQL, with what it does to connect and to close in the hands of routing."""

    connection: Any  # NodeConnection, or None; psycopg's own for the alias without a database
    _lease: Lease | None = None
    _is_settled = False
    """Django has looked at the settings and the version of the server once."""

    @property
    def role(self) -> Role:
        return REPLICA if self.alias == REPLICA else PRIMARY

    @property
    def node(self) -> Node | None:
        """The node of the connection that this thread holds; None: it holds none."""
        return self._lease.node if self._lease else None

    @property
    def pool(self) -> None:
        """Django's own pool is not used: it checks connections one by one, for 30 s after a failover."""
        return

    def connect(self) -> None:
        """Take a connection: as Django does, without reading the settings again at each request."""
        if not self._is_settled:
            super().connect()
            self._is_settled = self.alias != NO_DB_ALIAS and self.settings_dict["AUTOCOMMIT"]
            return
        self.in_atomic_block = self.needs_rollback = self.closed_in_transaction = self.errors_occurred = False
        self.savepoint_ids, self.atomic_blocks, self.run_on_commit = [], [], []
        self.connection = self._take()
        self.autocommit = True  # As all connections of the pools.
        connection_created.send(sender=type(self), connection=self)

    def get_connection_params(self) -> dict[str, Any]:
        """Only for a connection beside the pools: they have their own, and this is asked for with each connection."""
        return super().get_connection_params() if self.alias == NO_DB_ALIAS else {}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if self.alias == NO_DB_ALIAS:
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel(
            self.settings_dict["OPTIONS"].get("isolation_level", IsolationLevel.READ_COMMITTED)
        )
        return self._take()

    def init_connection_state(self) -> None:
        if self.alias == NO_DB_ALIAS:
            super().init_connection_state()
        else:  # Time zone and role came with the connection; only the version of the server is checked, once.
            BaseDatabaseWrapper.init_connection_state(self)

    def close_if_unusable_or_obsolete(self) -> None:
        """Give the connection back at the end of a request, without a query, however old or unlucky it is."""
        if self.connection is not None and not self.in_atomic_block:
            self.close()

    def close_pool(self) -> None:
        """Close all that this process holds of the database, which is about to be copied or dropped."""
        prober.stop()
        pools.close()

    def ensure_timezone(self) -> bool:
        pools.close(role=self.alias)
        return self.connection is not None and self._configure_timezone(self.connection)  # type: ignore[attr-defined]  # the stubs lack it

    def _close(self) -> None:
        lease, self._lease = self._lease, None
        if lease is None:
            super()._close()  # type: ignore[misc]  # the stubs lack it
            return
        if self.alias == PRIMARY:
            session.transaction_closed()
        lease.end(is_usable=lease.connection.pgconn.transaction_status == pq.TransactionStatus.IDLE)

    def _take(self, *, without: frozenset[str] = frozenset(), is_last: bool = False) -> NodeConnection:
        if self.alias in (PRIMARY, REPLICA):
            prober.ensure_started(database=self.settings_dict["NAME"])
        self._lease = checkout.take(self.role, pool_of=self._pool_of, without=without, is_last=is_last)
        connection = self._lease.connection
        if "isolation_level" in self.settings_dict["OPTIONS"]:
            connection.isolation_level = self.isolation_level
        return connection

    def _pool_of(self, node: Node, role: Role) -> NodePool:
        """`default` reads from a pool of its own where it may only read: its limits are not those of `replica`."""
        name = self.alias if role == self.role else f"{self.alias}-reading"
        database = self.settings_dict["NAME"]
        return pools.of(node.name, name, database, make=lambda: NodePool(self._recipe(node, role, name)))

    def _recipe(self, node: Node, role: Role, name: str) -> Any:
        return recipe(
            node.address,
            role,
            name,
            super().get_connection_params(),
            time_zone=self.timezone_name,
            assume_role=self.settings_dict["OPTIONS"].get("assume_role", ""),
        )
