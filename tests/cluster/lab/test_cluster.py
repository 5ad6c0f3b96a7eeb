"""A cluster of real PostgreSQL nodes starts, follows, falls behind, breaks and heals as it is told."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from reliability.lab.asking import NodeFailed
from reliability.lab.cluster import Cluster, cluster
from reliability.lab.node import Node
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They use no database of the project's: once is enough.


def test_each_region_has_a_node_and_the_first_is_the_primary(pg_cluster: Cluster) -> None:
    roles = [(node.node, node.region, node.is_in_recovery()) for node in pg_cluster]

    assert roles == [("us-1", "us-east", False), ("eu-1", "eu-west", True), ("ap-1", "ap-southeast", True)]


def test_standbys_show_what_the_primary_wrote_and_refuse_writes(pg_cluster: Cluster) -> None:
    pg_cluster.primary.query("CREATE TABLE notes AS SELECT 42 AS number")

    pg_cluster.wait_until_caught_up()

    assert [node.value("SELECT number FROM notes") for node in pg_cluster] == [42, 42, 42]
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        pg_cluster["eu-1"].query("INSERT INTO notes VALUES (43)")


def test_paused_replay_shows_nothing_new_until_it_goes_on(pg_cluster: Cluster) -> None:
    table = _table(pg_cluster)
    pg_cluster["eu-1"].pause_replay()

    pg_cluster.primary.query(f"INSERT INTO {table} VALUES (1)")
    pg_cluster["ap-1"].wait_for(pg_cluster.primary.position())

    assert _counts(pg_cluster, table) == [1, 0, 1]
    pg_cluster["eu-1"].resume_replay()
    pg_cluster.wait_until_caught_up()
    assert _counts(pg_cluster, table) == [1, 1, 1]


def test_a_delayed_standby_is_behind_until_the_delay_ends(pg_cluster: Cluster) -> None:
    table = _table(pg_cluster)
    pg_cluster["ap-1"].delay(seconds=600)

    pg_cluster.primary.query(f"INSERT INTO {table} VALUES (1)")
    pg_cluster["eu-1"].wait_for(pg_cluster.primary.position())

    assert _counts(pg_cluster, table) == [1, 1, 0]
    pg_cluster["ap-1"].delay(seconds=0)
    pg_cluster.wait_until_caught_up()
    assert _counts(pg_cluster, table) == [1, 1, 1]


def test_a_hung_node_accepts_connections_and_answers_nobody_until_resumed(pg_cluster: Cluster) -> None:
    pg_cluster["eu-1"].hang()

    with pytest.raises(psycopg.errors.ConnectionTimeout):
        pg_cluster["eu-1"].query("SELECT 1")

    pg_cluster["eu-1"].resume()
    assert pg_cluster["eu-1"].value("SELECT 1") == 1


def test_a_query_that_takes_too_long_is_cut_off(pg_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reliability.lab.asking.QUERY_SECONDS", 0.2)

    with pytest.raises(psycopg.OperationalError):
        pg_cluster["eu-1"].query("SELECT pg_sleep(600)")


def test_a_killed_standby_refuses_connections_and_follows_again_after_a_start(pg_cluster: Cluster) -> None:
    table = _table(pg_cluster)
    standby = pg_cluster["eu-1"]
    standby.kill()

    with pytest.raises(psycopg.OperationalError, match="refused"):
        standby.query("SELECT 1")
    pg_cluster.primary.query(f"INSERT INTO {table} VALUES (1)")

    standby.start()
    pg_cluster.wait_until_caught_up()
    assert _counts(pg_cluster, table) == [1, 1, 1]


def test_reset_undoes_what_a_test_did(pg_cluster: Cluster) -> None:
    table = _table(pg_cluster)
    pg_cluster.primary.query(f"INSERT INTO {table} VALUES (1)")
    pg_cluster["eu-1"].delay(seconds=600)
    pg_cluster["eu-1"].hang()
    pg_cluster["ap-1"].pause_replay()
    pg_cluster["ap-1"].kill()

    pg_cluster.reset()

    assert _counts(pg_cluster, table) == [0, 0, 0]


def test_promotion_begins_a_timeline_on_which_the_others_can_follow(broken_cluster: Cluster) -> None:
    table = _table(broken_cluster)
    broken_cluster["us-1"].kill()

    broken_cluster.promote("eu-1")
    broken_cluster.primary.query(f"INSERT INTO {table} VALUES (1)")
    broken_cluster.primary.keep_wal_for(broken_cluster["ap-1"])
    broken_cluster["ap-1"].follow(broken_cluster.primary)

    broken_cluster["ap-1"].wait_for(broken_cluster.primary.position())
    assert broken_cluster["ap-1"].value(f"SELECT count(*) FROM {table}") == 1
    assert _timeline(broken_cluster.primary) == 2


@pytest.mark.parametrize("end", [Node.kill, Node.hang, Node.start], ids=["killed", "hung", "alive again"])
def test_an_old_primary_rejoins_without_what_it_alone_has(broken_cluster: Cluster, end: object) -> None:
    table = _table(broken_cluster)
    old = broken_cluster["us-1"]
    broken_cluster["eu-1"].configure({"primary_conninfo": ""})
    wait_until(lambda: old.value("SELECT count(*) FROM pg_stat_replication") == 1)
    old.query(f"INSERT INTO {table} VALUES (1), (2)")
    old.kill()
    if end is not Node.kill:
        old.start()
    if end is Node.hang:
        old.hang()
    broken_cluster.promote("eu-1")
    broken_cluster.primary.query(f"INSERT INTO {table} VALUES (3)")

    broken_cluster.rejoin("us-1")

    old.wait_for(broken_cluster.primary.position())
    assert old.is_in_recovery()
    assert old.query(f"SELECT * FROM {table}") == [(3,)]


def test_a_primary_that_wrote_much_since_its_checkpoint_rejoins_with_its_data_folder(broken_cluster: Cluster) -> None:
    table = _table(broken_cluster)
    old = broken_cluster["us-1"]
    _drop_slots(broken_cluster)  # As after a checkpoint that began and did not end: the slots on disk ask for little.
    for number in range(3):  # Three files of WAL: recovery would remove the first of them.
        old.query(f"INSERT INTO {table} VALUES (%s)", [number])
        old.query("SELECT pg_switch_wal()")
    broken_cluster.wait_until_caught_up()
    old.kill()
    broken_cluster.promote("eu-1")

    with _folder_of(old) as keeps_its_folder:
        broken_cluster.rejoin("us-1")

        old.wait_for(broken_cluster.primary.position())
        assert old.value(f"SELECT count(*) FROM {table}") == 3
        assert keeps_its_folder()


def test_a_node_without_the_wal_to_rewind_is_copied_anew(broken_cluster: Cluster) -> None:
    table = _table(broken_cluster)
    old = broken_cluster["us-1"]
    old.kill()
    broken_cluster.promote("eu-1")
    broken_cluster.primary.query(f"INSERT INTO {table} VALUES (1)")
    for segment in (old.data / "pg_wal").glob("0*"):
        segment.unlink()

    with _folder_of(old) as keeps_its_folder:
        broken_cluster.rejoin("us-1")

        old.wait_for(broken_cluster.primary.position())
        assert old.value(f"SELECT count(*) FROM {table}") == 1
        assert not keeps_its_folder()


def test_a_standby_that_does_not_follow_is_named(pg_cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reliability.lab.asking.WAIT_SECONDS", 0.1)
    pg_cluster["eu-1"].stop()

    with pytest.raises(NodeFailed, match="eu-1 does not stream from us-1"):
        pg_cluster.wait_until_streaming()

    monkeypatch.undo()


def test_nothing_of_a_cluster_stays_even_when_a_node_hangs() -> None:
    with cluster(regions={"one": "here", "two": "there"}) as nodes:
        nodes["two"].hang()
        pids = [node.pid for node in nodes]
        folders = [node.folder for node in nodes]

    assert [node.pid for node in nodes] == [None, None]
    assert None not in pids
    assert not any(folder.exists() for folder in folders)


def test_the_application_is_told_every_node_with_its_region(pg_cluster: Cluster) -> None:
    environment = pg_cluster.environment(region="eu-west")

    ports = [node.port for node in pg_cluster]
    assert environment == {
        "CMS_DATABASE_URL": f"postgres://cms@127.0.0.1:{ports[0]}/cms?node=us-1&region=us-east",
        "CMS_REPLICA_URLS": f"postgres://cms@127.0.0.1:{ports[1]}/cms?node=eu-1&region=eu-west,"
        f"postgres://cms@127.0.0.1:{ports[2]}/cms?node=ap-1&region=ap-southeast",
        "CMS_REGION": "eu-west",
        "CMS_PRIMARY_REGION": "us-east",
    }


def _table(nodes: Cluster) -> str:
    nodes.primary.query("DROP TABLE IF EXISTS notes; CREATE TABLE notes (number int)")
    nodes.wait_until_caught_up()
    return "notes"


def _counts(nodes: Cluster, table: str) -> list[int]:
    return [node.value(f"SELECT count(*) FROM {table}") for node in nodes]


def _drop_slots(nodes: Cluster) -> None:
    for standby in nodes.standbys:
        standby.configure({"primary_slot_name": ""})
    wait_until(lambda: not nodes.primary.query("SELECT FROM pg_replication_slots WHERE active"))
    nodes.primary.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")
    nodes.wait_until_streaming()


def _timeline(node: Node) -> int:
    timeline: int = node.value("SELECT ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int")
    return timeline


@contextmanager
def _folder_of(node: Node) -> Iterator[Callable[[], bool]]:
    """Give a question: is its data folder still the one it has now? (Open, so that no new one gets its number.)"""
    folder = os.open(node.data, os.O_RDONLY)
    try:
        yield lambda: os.path.samestat(os.fstat(folder), node.data.stat())
    finally:
        os.close(folder)
