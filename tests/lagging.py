"""What does the product show where a standby lags? The lane `--engine=lagging`: its tests, once more, beside one.

Reads go to a standby that shows everything LAG_SECONDS late, but for what the test itself wrote: before the next
request that is waited for. All clients of a test are one reader, whose token each request carries. So what a request
wrote is seen by its token alone: a write that gives none, or a read that does not heed it, shows as something missing.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from unittest import mock

import pytest

from reliability.lab.cluster import Cluster, cluster

LAG_SECONDS = 20.0
"""Longer than a test, shorter than the limit from which a standby gets no readers."""
REGIONS = {"us-1": "us-east", "eu-1": "eu-west"}
TOKEN_HEADER = "X-Consistency-Token"
META_HEADER = "HTTP_X_CONSISTENCY_TOKEN"
ROUTING_TABLES = "reliability_routing_"
_running: list[Cluster] = []


def start(stack: ExitStack) -> dict[str, str]:
    """Start the servers; gives the settings of a site beside the standby."""
    nodes = stack.enter_context(cluster(regions=REGIONS))
    _running.append(nodes)
    stack.callback(_running.clear)
    # As for an editor far from the primary: else the admin would read there whatever it carries.
    return {**nodes.environment(region="eu-west"), "CMS_ROUTING_EDITOR_CONSISTENCY": "session"}


def catch_up() -> None:
    """Let the standby show all that is written now, and nothing that is written after."""
    [nodes] = _running
    [standby] = nodes.standbys
    position = nodes.primary.position()
    standby.delay(seconds=0)
    standby.wait_for(position)
    standby.delay(seconds=LAG_SECONDS)


def pytest_configure() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ:
        raise pytest.UsageError("--engine=lagging runs in one process: its tests steer the standby.")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have rows committed: a transaction that is open for the whole of a test is read on the primary only."""
    for item in items:
        if {"db", "transactional_db"} & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.django_db(transaction=True, databases="__all__"), append=False)


class Reader:
    """Everybody in a test, as one reader with one token."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.is_behind = True
        """The test itself has written since the last request."""

    def note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Notice what is written outside of requests; one of `connection.execute_wrappers`."""
        from reliability.routing import session
        from reliability.routing.backend.failures import may_write

        state = session.current()
        self.is_behind = self.is_behind or ((state is None or state.is_ambient) and may_write(sql))
        return execute(sql, params, many, context)

    def before(self, request: dict[str, Any]) -> None:
        """Give a request the token, unless it brings one; and let it choose a node, as the first one of a process."""
        from django.db import connections

        connections["replica"].close()  # Django's client keeps it, and so the node of the request before.
        if self.is_behind:
            catch_up()
            self.is_behind = False
        if self.token:
            request.setdefault(META_HEADER, self.token)

    def after(self, response: Any) -> None:
        """Keep the token of an answer."""
        self.token = response.headers.get(TOKEN_HEADER) or self.token


@pytest.fixture(scope="session", autouse=True)
def _standby(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Wait until the standby has the test database and gets readers; at the end nobody watches it any more.

    The tables of routing are left alone when a test empties the database: without the row of the epoch, a standby gets
    no readers.
    """
    from django.db import connection

    from reliability.routing import current, prober
    from reliability.routing.backend.operations import DatabaseOperations
    from tests.waiting import wait_until

    flush = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: list[str], **options: Any) -> list[str]:
        kept = [table for table in tables if not table.startswith(ROUTING_TABLES)]
        return flush(self, style, kept, **options)

    with django_db_blocker.unblock():
        connection.ensure_connection()
        wait_until(lambda: _has_all(current.snapshot()), or_show=lambda: repr(current.snapshot()))
    with mock.patch.object(DatabaseOperations, "sql_flush", sql_flush):
        yield
    prober.stop()


def _has_all(snapshot: Any) -> bool:
    """Tell whether the standby serves in the epoch that this process recorded: before there is one, it always does."""
    return snapshot.epoch is not None and len(snapshot.readable) == len(REGIONS)


@pytest.fixture(autouse=True)
def reader() -> Iterator[Reader]:
    """Carry the token from request to request."""
    from django.db import connection
    from django.test import Client

    someone, send = Reader(), Client.request

    def request(self: Client, **environ: Any) -> Any:
        someone.before(environ)
        response = send(self, **environ)
        someone.after(response)
        return response

    with connection.execute_wrapper(someone.note), mock.patch.object(Client, "request", request):
        yield someone
