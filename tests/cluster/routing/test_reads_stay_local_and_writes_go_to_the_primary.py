"""One alias is one role: `replica` is the node of the region, `default` the primary, whichever address they have."""

import pytest

from reliability.lab.cluster import Cluster
from reliability.routing import session
from reliability.routing.session import RequestState
from tests.cluster.routing.conftest import Site, ready_site


def test_a_read_is_served_by_the_node_of_the_region(eu_site: Site) -> None:
    assert eu_site.node_of("replica") == "eu-1"
    assert eu_site.value("SELECT pg_is_in_recovery()") is True


def test_a_write_goes_to_the_primary(eu_site: Site) -> None:
    eu_site.run("INSERT INTO note (words) VALUES ('hello')")

    assert eu_site.node_of("default") == "us-1"
    assert eu_site.value("SELECT words FROM note", alias="default") == "hello"


def test_a_connection_goes_back_to_its_pool_and_is_used_again(eu_site: Site) -> None:
    servers = {eu_site.value("SELECT pg_backend_pid()") for _ in range(20)}

    assert len(servers) <= 2  # The pool's first one, and one that was made while it was not there yet.


def test_a_commit_tells_its_position(eu_site: Site, pg_cluster: Cluster) -> None:
    state = RequestState()

    with session.request(state), eu_site.using("default") as connection:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO note (words) VALUES ('counted')")
        connection.commit()
        connection.set_autocommit(True)

    assert state.commit is not None
    assert state.has_committed
    assert pg_cluster.primary.value("SELECT pg_current_wal_insert_lsn() - '0/0' >= %s", [state.commit.lsn])


def test_a_transaction_that_changes_nothing_has_no_position(eu_site: Site) -> None:
    state = RequestState()

    with session.request(state), eu_site.using("default") as connection:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM note")
        connection.commit()
        connection.set_autocommit(True)

    assert state.commit is None


def test_reads_of_an_open_transaction_are_known_to_belong_to_the_primary(eu_site: Site) -> None:
    state = RequestState()

    with session.request(state), eu_site.using("default") as connection:
        connection.set_autocommit(False)
        during = state.in_transaction
        connection.set_autocommit(True)

    assert (during, state.in_transaction) == (True, False)


def test_a_reader_with_a_position_waits_for_it_or_goes_elsewhere(eu_site: Site, pg_cluster: Cluster) -> None:
    pg_cluster["eu-1"].pause_replay()
    writer = RequestState()
    with session.request(writer), eu_site.using("default") as connection:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO note (words) VALUES ('mine')")
        connection.commit()
        connection.set_autocommit(True)

    with session.request(RequestState(position=writer.commit)):
        count = eu_site.value("SELECT count(*) FROM note")

    assert count == 1


@pytest.mark.parametrize("region", ["us-east", "ap-southeast"])
def test_each_region_has_its_own_node(pg_cluster: Cluster, region: str) -> None:
    with ready_site(pg_cluster, region=region) as here:
        assert here.node_of("replica") == {"us-east": "us-1", "ap-southeast": "ap-1"}[region]
