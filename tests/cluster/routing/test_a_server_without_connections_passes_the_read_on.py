"""A server has given all its connections away (53300): readers go elsewhere, and come back when it has some."""

import pytest
from django.db import OperationalError

from reliability.lab.cluster import Cluster
from reliability.lab.faults import connections_exhausted
from reliability.routing import current
from reliability.routing.backend.pools import pools
from tests.cluster.routing.conftest import ready_site
from tests.waiting import wait_until


def test_a_read_that_gets_no_connection_runs_on_another_node(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster) as here:
        with connections_exhausted(pg_cluster["eu-1"]) as taken:
            assert taken > 0
            assert here.value("SELECT 1") == 1
            assert here.node_of("replica") != "eu-1"
            # It answers its probes, by the connection that the prober keeps: nobody takes it for dead.
            assert current.snapshot().by_name["eu-1"].is_up

        wait_until(lambda: here.node_of("replica") == "eu-1")


def test_a_write_that_gets_no_connection_is_refused_and_changes_nothing(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster, write_hold_seconds=0.5) as here:
        pools.close()  # This process has none of its own that it could use again.

        with connections_exhausted(pg_cluster["us-1"]), pytest.raises(OperationalError, match="us-1"):
            here.run("INSERT INTO note (words) VALUES ('one too many')")

        here.run("INSERT INTO note (words) VALUES ('there is room again')")
        assert pg_cluster["us-1"].value("SELECT string_agg(words, ',') FROM note") == "there is room again"
