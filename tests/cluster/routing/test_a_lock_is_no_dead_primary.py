"""Somebody locks a table of routing, as DDL does: the node still answers, so nobody takes it for dead."""

from reliability.lab.cluster import Cluster
from reliability.lab.faults import table_locked
from reliability.routing import current
from tests.cluster.routing.conftest import ready_site
from tests.waiting import wait_until

PROBES = 12
"""More than the failures after which a node counts as down."""


def test_a_primary_whose_heartbeat_cannot_be_written_stays_up(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster, probe_interval_seconds=0.1) as here:
        with table_locked(pg_cluster, "reliability_routing_heartbeat"):
            seen = {current.snapshot().taken_at}

            def has_probed() -> bool:
                snapshot = current.snapshot()
                seen.add(snapshot.taken_at)
                assert snapshot.primary == "us-1", snapshot.by_name["us-1"].reason
                return len(seen) > PROBES

            wait_until(has_probed)

            assert here.value("SELECT 1", alias="default") == 1
        assert current.snapshot().mode == "normal"
