"""A standby is killed or hangs under load: its readers are served elsewhere and see nothing of it."""

import threading
import time

import pytest
from django.db import InternalError, OperationalError, ProgrammingError

from reliability.lab.cluster import Cluster
from reliability.routing import current
from tests.cluster.routing.conftest import Site, ready_site
from tests.cluster.routing.load import readers
from tests.waiting import wait_until


def test_a_killed_standby_costs_no_read(eu_site: Site, pg_cluster: Cluster) -> None:
    with readers(eu_site) as tally:
        wait_until(lambda: tally.reads > 100)
        pg_cluster["eu-1"].kill()
        eu_site.wait_for(lambda snapshot: not snapshot.by_name["eu-1"].is_up)
        seen = tally.reads
        wait_until(lambda: tally.reads > seen + 100)

    assert tally.errors == []
    assert eu_site.node_of("replica") != "eu-1"


def test_a_hung_standby_frees_its_readers(eu_site: Site, pg_cluster: Cluster) -> None:
    with readers(eu_site) as tally:
        wait_until(lambda: tally.reads > 100)
        pg_cluster["eu-1"].hang()
        eu_site.wait_for(lambda snapshot: not snapshot.by_name["eu-1"].is_up)
        seen = tally.reads
        wait_until(lambda: tally.reads > seen + 100)

    assert tally.errors == []
    assert tally.slowest_seconds < 5  # 2.5 s on a machine that is not busy with other tests.


def test_a_standby_that_comes_back_serves_again(eu_site: Site, pg_cluster: Cluster) -> None:
    pg_cluster["eu-1"].hang()
    eu_site.wait_for(lambda snapshot: not snapshot.by_name["eu-1"].is_up)

    pg_cluster["eu-1"].resume()
    eu_site.wait_for(lambda snapshot: snapshot.by_name["eu-1"].is_up)

    wait_until(lambda: eu_site.node_of("replica") == "eu-1")


def test_a_standby_that_hangs_under_a_query_frees_it_for_another_node(eu_site: Site, pg_cluster: Cluster) -> None:
    with eu_site.using("replica") as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        pg_cluster["eu-1"].hang()

        cursor.execute("SELECT inet_server_port()")
        [port] = cursor.fetchone()

    assert port != pg_cluster["eu-1"].port


def test_with_every_standby_gone_the_primary_serves(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster) as here:
        for standby in pg_cluster.standbys:
            standby.kill()

        assert here.node_of("replica") == "us-1"


def test_an_error_of_the_query_is_not_tried_elsewhere(eu_site: Site) -> None:
    with pytest.raises(ProgrammingError):
        eu_site.value("SELECT * FROM missing")


def test_readers_are_served_while_the_primary_is_dead(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster) as here, readers(here) as tally:
        wait_until(lambda: tally.reads > 20)
        broken_cluster["us-1"].kill()
        here.wait_for(lambda snapshot: snapshot.primary is None)
        seen = tally.reads
        wait_until(lambda: tally.reads > seen + 100)

        assert tally.errors == []
        assert here.value("SELECT 1", alias="default") == 1  # It reads on a standby, and cannot write there.
        with pytest.raises(InternalError, match="read-only transaction"):
            here.run("INSERT INTO note (words) VALUES ('nowhere')")
        assert current.snapshot().mode == "read_only"


def test_a_thread_that_waits_for_a_hung_primary_is_freed(broken_cluster: Cluster) -> None:
    outcome: list[object] = []

    def wait(here: Site) -> None:
        try:
            here.run("SELECT pg_sleep(60)")
        except OperationalError as error:
            outcome.append(error)

    with ready_site(broken_cluster) as here:
        thread = threading.Thread(target=wait, args=(here,))
        thread.start()
        wait_until(lambda: broken_cluster["us-1"].value(SLEEPERS) == 1)
        began = time.monotonic()
        broken_cluster["us-1"].hang()
        thread.join(20)

        assert not thread.is_alive()
        assert time.monotonic() - began < 10
        assert len(outcome) == 1
        broken_cluster["us-1"].resume()


SLEEPERS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
