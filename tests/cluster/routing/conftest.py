"""Django's side of a real cluster: the backend of routing, with a prober that looks at the nodes of the lab."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any
from unittest import mock

import pytest
from django.conf import settings as django_settings
from django.db import connections
from django.test import override_settings

from reliability.lab.cluster import Cluster
from reliability.routing import current, losses, models, prober
from reliability.routing.backend.base import DatabaseWrapper
from reliability.routing.backend.pools import pools
from reliability.routing.configuration import cluster as configure
from reliability.routing.topology import Snapshot
from tests.waiting import wait_until

DEFAULTS = {
    "ATOMIC_REQUESTS": False,
    "AUTOCOMMIT": True,
    "CONN_HEALTH_CHECKS": False,
    "CONN_MAX_AGE": 0,
    "TIME_ZONE": None,
    "TEST": {},
}
TABLES = (models.Epoch, models.Heartbeat, models.Override, models.LostWrite)


class Site:
    """A process of a site in a region, that talks to the nodes of a cluster through the backend."""

    def __init__(self, databases: dict[str, dict[str, Any]]) -> None:
        self._databases = databases

    def connection(self, alias: str) -> DatabaseWrapper:
        """Give a connection of this thread; close it, as the end of a request does."""
        return DatabaseWrapper(self._databases[alias], alias=alias)

    @contextmanager
    def using(self, alias: str) -> Iterator[DatabaseWrapper]:
        """Give a connection that Django, too, finds under its alias in this thread."""
        former = getattr(connections._connections, alias, None)
        with closing(self.connection(alias)) as connection:
            connections[alias] = connection
            try:
                yield connection
            finally:
                if former is None:
                    del connections[alias]
                else:
                    connections[alias] = former

    @contextmanager
    def using_both(self) -> Iterator[None]:
        """Have models and commands use this site in this thread."""
        with self.using("default"), self.using("replica"):
            yield

    def value(self, sql: str, *, alias: str = "replica") -> Any:
        """Run one statement as a request would, and give the first column of its row."""
        with self.using(alias) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]

    def run(self, sql: str, *, alias: str = "default") -> None:
        with self.using(alias) as connection, connection.cursor() as cursor:
            cursor.execute(sql)

    def node_of(self, alias: str) -> str:
        """Tell which node serves an alias now."""
        with self.using(alias) as connection:
            connection.ensure_connection()
            assert connection.node is not None
            return connection.node.name

    def wait_for(self, is_met: Callable[[Snapshot], bool]) -> Snapshot:
        """Wait until the prober has found this."""
        wait_until(lambda: is_met(current.snapshot()), or_show=lambda: repr(current.snapshot()))
        return current.snapshot()


@contextmanager
def site(
    nodes: Cluster,
    *,
    region: str = "eu-west",
    primary: str = "",
    replicas: list[str] | None = None,
    **options: Any,
) -> Iterator[Site]:
    """Run a site against a cluster whose database has the tables of routing.

    It is told the addresses of the nodes, unless others are given: that of the primary, and those of the standbys.
    """
    others = [node.application_url for node in nodes.standbys] if replicas is None else replicas
    databases, routing = configure(
        primary or nodes.primary.application_url, others, region=region, primary_region=nodes.primary.region, **options
    )
    databases = {alias: {**DEFAULTS, **database} for alias, database in databases.items()}
    prober.stop()
    pools.close()
    losses.forget()
    with (
        override_settings(ROUTING=routing),
        mock.patch.dict(django_settings.DATABASES, databases),
        mock.patch.dict(connections.settings, databases),  # What other threads make their connections of.
    ):
        try:
            yield Site(databases)
        finally:
            prober.stop()
            pools.close()


def make_tables(site: Site) -> None:
    """Make the tables of routing, and one for the tests, where they are missing."""
    with site.using("default") as connection:
        present = connection.introspection.table_names()
        with connection.schema_editor() as editor:
            for model in TABLES:
                if model._meta.db_table not in present:
                    editor.create_model(model)
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS note (id serial PRIMARY KEY, words text UNIQUE)")


@pytest.fixture(autouse=True)
def _own_databases(django_db_blocker: Any) -> Iterator[None]:
    """These tests bring their databases along, and leave those of the settings alone."""
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def eu_site(pg_cluster: Cluster) -> Iterator[Site]:
    """Give a site in eu-west, where eu-1 is, on the shared cluster, after the first epoch was recorded."""
    with ready_site(pg_cluster) as here:
        yield here


@contextmanager
def ready_site(nodes: Cluster, **options: Any) -> Iterator[Site]:
    """Run a site whose every node is readable."""
    assert django_settings.configured
    with site(nodes, **options) as here:
        make_tables(here)
        here.wait_for(lambda snapshot: len(snapshot.readable) == len(nodes.nodes) and snapshot.epoch is not None)
        yield here
