"""Faults that the servers make themselves do what routing must survive, and end when they are told to."""

import threading

import psycopg
import pytest

from reliability.lab import faults
from reliability.lab.cluster import Cluster
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.


@pytest.fixture
def nodes(pg_cluster: Cluster) -> Cluster:
    pg_cluster.primary.query("DROP TABLE IF EXISTS notes; CREATE TABLE notes AS SELECT generate_series(1, 9) AS number")
    pg_cluster.wait_until_caught_up()
    return pg_cluster


def test_a_commit_without_its_synchronous_standby_waits_and_is_then_done(nodes: Cluster) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    with faults.commits_stalled(nodes):
        thread = threading.Thread(target=nodes.primary.query, args=["INSERT INTO notes VALUES (10)"])
        thread.start()
        wait_until(lambda: nodes.primary.value(waiting) == 1)
        seen = nodes.primary.value("SELECT count(*) FROM notes")
    thread.join()

    assert seen == 9
    assert nodes.primary.value("SELECT count(*) FROM notes") == 10


def test_a_table_under_ddl_lets_reads_of_standbys_wait(nodes: Cluster) -> None:
    with faults.table_locked(nodes, "notes"), nodes["eu-1"].connect() as connection:
        connection.execute("SET lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connection.execute("SELECT * FROM notes")

    nodes.wait_until_caught_up()
    assert nodes["eu-1"].value("SELECT count(*) FROM notes") == 9


def test_exhausted_connections_refuse_the_next_one_until_they_are_given_back(nodes: Cluster) -> None:
    refused = pytest.raises(psycopg.OperationalError, match="too many clients")
    with faults.connections_exhausted(nodes["eu-1"]) as taken, refused:
        nodes["eu-1"].query("SELECT 1")

    assert taken > 100
    assert nodes["eu-1"].value("SELECT 1") == 1


def test_a_conflict_cancels_a_query_of_a_standby_that_could_see_what_is_gone(nodes: Cluster) -> None:
    with psycopg.connect(nodes["eu-1"].url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT count(*) FROM notes")

        faults.conflict(nodes, "notes")

        with pytest.raises((psycopg.errors.SerializationFailure, psycopg.OperationalError)):
            connection.execute("SELECT pg_sleep(30)")
