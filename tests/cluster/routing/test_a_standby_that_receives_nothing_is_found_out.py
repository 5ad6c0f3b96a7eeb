"""Replication stands still while every server answers: nobody is shown less than they wrote, and operators see it."""

from collections.abc import Iterator
from contextlib import contextmanager

from reliability.lab.cluster import Cluster
from reliability.lab.node import Node
from reliability.routing import session
from reliability.routing.session import RequestState
from tests.cluster.routing.conftest import ready_site
from tests.cluster.routing.test_writes_follow_the_promotion import write
from tests.waiting import wait_until

NOWHERE = "host=127.0.0.1 port=1 connect_timeout=1"
RECEIVERS = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'"
COUNT = "SELECT count(*) FROM note"


@contextmanager
def cut_off(nodes: Cluster, *standbys: Node) -> Iterator[None]:
    """Let standbys receive nothing, until the end of the block."""
    for standby in standbys:
        standby.configure({"primary_conninfo": NOWHERE})
    wait_until(lambda: all(standby.value(RECEIVERS) == 0 for standby in standbys))
    try:
        yield
    finally:
        for standby in standbys:
            standby.follow(nodes.primary)


def test_a_standby_without_its_wal_receiver_shows_nobody_less_than_they_wrote(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster) as here, cut_off(pg_cluster, pg_cluster["eu-1"]):
        written = write(here, "mine")
        reading = RequestState(position=written.commit)

        with session.request(reading):
            assert here.value(COUNT) == 1

        assert reading.served_by != "eu-1"
        here.wait_for(lambda snapshot: snapshot.by_name["eu-1"].lag_bytes > 0)
        assert here.value(COUNT) == 0, "Who has written nothing is still served nearby."


def test_without_any_standby_that_receives_an_asynchronous_primary_goes_on(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster) as here, cut_off(pg_cluster, *pg_cluster.standbys):
        written = write(here, "mine")
        reading = RequestState(position=written.commit)

        with session.request(reading):
            assert here.value(COUNT) == 1

        assert reading.served_by == "us-1"


def test_without_any_standby_that_receives_a_synchronous_primary_is_closed_for_writes(pg_cluster: Cluster) -> None:
    pg_cluster["us-1"].configure({"synchronous_standby_names": "ANY 1 (*)"})
    with ready_site(pg_cluster) as here, cut_off(pg_cluster, *pg_cluster.standbys):
        closed = here.wait_for(lambda snapshot: snapshot.mode == "read_only")

        assert closed.mode_reason == "no_sync_standby"
        assert here.value(COUNT) == 0
