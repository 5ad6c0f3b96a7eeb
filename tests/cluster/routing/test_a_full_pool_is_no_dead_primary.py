"""When all connections to the primary are in use, a write is told so; it does not get one that cannot write."""

import pytest
from django.db import OperationalError

from reliability.lab.cluster import Cluster
from reliability.limits.deadline import deadline
from reliability.routing import session
from reliability.routing.session import RequestState
from tests.cluster.routing.conftest import ready_site


def test_a_write_waits_for_a_connection_and_fails_as_one_that_got_none(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster, pool_max=1) as site, site.using("default") as held:
        held.ensure_connection()

        with deadline(seconds=0.3), pytest.raises(OperationalError, match=r"us-1 \(all its connections are in use\)"):
            site.run("INSERT INTO note (words) VALUES ('one too many')")


def test_a_safe_request_that_asks_for_the_primary_reads_elsewhere(pg_cluster: Cluster) -> None:
    state = RequestState(level="strong")
    state.is_safe = True
    with ready_site(pg_cluster, pool_max=1) as site, site.using("default") as held:
        held.ensure_connection()

        with deadline(seconds=5), session.request(state):
            assert site.value("SELECT 1", alias="default") == 1
