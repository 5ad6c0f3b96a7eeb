"""The promoter fences before it promotes, takes the standby that has most, and lets the others follow."""

import threading
from contextlib import suppress

import psycopg
import pytest

from reliability.lab.cluster import Cluster
from reliability.lab.node import Node
from reliability.lab.promoter import LocalPromoter, PromotionRefused
from reliability.routing.models import Epoch
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They use no database of the project's: once is enough.


@pytest.fixture
def nodes(broken_cluster: Cluster) -> Cluster:
    broken_cluster.primary.query("CREATE TABLE notes (number int)")
    broken_cluster.wait_until_caught_up()
    return broken_cluster


def test_the_standby_that_has_most_is_promoted_and_the_other_follows(nodes: Cluster) -> None:
    nodes["eu-1"].configure({"primary_conninfo": ""})
    wait_until(lambda: nodes.primary.value("SELECT count(*) FROM pg_stat_replication") == 1)
    nodes.primary.query("INSERT INTO notes VALUES (1)")
    nodes["ap-1"].wait_for(nodes.primary.position())
    nodes["us-1"].kill()

    promotion = LocalPromoter(nodes).promote()

    assert (promotion.node, promotion.followers, promotion.fenced) == ("ap-1", ("eu-1",), None)
    nodes["eu-1"].wait_for(nodes.primary.position())
    assert nodes["eu-1"].query("SELECT * FROM notes") == [(1,)]


def test_a_standby_that_lacks_something_is_refused(nodes: Cluster) -> None:
    nodes["eu-1"].configure({"primary_conninfo": ""})
    wait_until(lambda: nodes.primary.value("SELECT count(*) FROM pg_stat_replication") == 1)
    nodes.primary.query("INSERT INTO notes VALUES (1)")
    nodes["ap-1"].wait_for(nodes.primary.position())

    with pytest.raises(PromotionRefused, match=r"eu-1 lacks [0-9]+ bytes that ap-1 has; promote ap-1"):
        LocalPromoter(nodes).promote("eu-1")

    # Nothing was changed: the primary lives, and both follow it.
    assert nodes["us-1"].is_in_recovery() is False
    nodes.wait_until_streaming()


def test_a_primary_that_is_well_hands_over_all_that_it_has_under_load(nodes: Cluster) -> None:
    numbers = iter(range(10_000))
    acknowledged = []
    stop = threading.Event()

    def write() -> None:
        with suppress(psycopg.OperationalError), nodes["us-1"].connect() as connection:
            while not stop.is_set():
                number = next(numbers)
                connection.execute("INSERT INTO notes VALUES (%s)", [number])
                acknowledged.append(number)

    thread = threading.Thread(target=write)
    thread.start()
    wait_until(lambda: len(acknowledged) > 20)
    promotion = LocalPromoter(nodes).promote("ap-1")
    stop.set()
    thread.join()

    found = {number for (number,) in nodes.primary.query("SELECT number FROM notes")}
    assert set(acknowledged) - found == set()
    assert (promotion.fenced, promotion.followers) == ("us-1", ("eu-1",))


def test_paused_and_delayed_standbys_lose_nothing_that_they_received(nodes: Cluster) -> None:
    nodes["eu-1"].pause_replay()
    nodes["ap-1"].delay(seconds=600)
    nodes.primary.query("INSERT INTO notes VALUES (1)")
    position = nodes.primary.value("SELECT pg_current_wal_flush_lsn()")
    for name in ("eu-1", "ap-1"):
        wait_until(lambda node=nodes[name]: node.value("SELECT pg_last_wal_receive_lsn() >= %s::pg_lsn", [position]))

    LocalPromoter(nodes).promote("eu-1")

    assert nodes.primary.query("SELECT * FROM notes") == [(1,)]


def test_an_old_primary_that_hangs_is_ended_and_can_rejoin(nodes: Cluster) -> None:
    promoter = LocalPromoter(nodes)
    nodes["us-1"].hang()

    promotion = promoter.promote()
    promoter.rejoin("us-1")

    assert promotion.fenced == "us-1"
    nodes["us-1"].wait_for(nodes.primary.position())
    assert nodes["us-1"].is_in_recovery()


def test_without_a_fence_the_old_primary_comes_back_and_nobody_follows_it(nodes: Cluster) -> None:
    nodes["us-1"].hang()

    LocalPromoter(nodes).promote(fence=False)
    nodes["us-1"].resume()
    nodes["us-1"].query("INSERT INTO notes VALUES (666)")
    for standby in (nodes["eu-1"], nodes["ap-1"]):
        if standby is not nodes.primary:
            standby.wait_for(nodes.primary.position())

    assert nodes["us-1"].value("SELECT count(*) FROM pg_stat_replication") == 0
    assert [node.query("SELECT * FROM notes") for node in (nodes["eu-1"], nodes["ap-1"])] == [[], []]


def test_a_quorum_that_cannot_have_the_last_commit_is_refused(nodes: Cluster) -> None:
    nodes["us-1"].kill()
    nodes["eu-1"].hang()

    with pytest.raises(PromotionRefused, match=r"1 of 2 standbys answer and 1 confirm each commit.*resume 1 more"):
        LocalPromoter(nodes, quorum=1).promote()


def test_without_a_standby_nothing_is_promoted(nodes: Cluster) -> None:
    nodes["eu-1"].kill()
    nodes["ap-1"].hang()

    with pytest.raises(PromotionRefused, match="No standby answers"):
        LocalPromoter(nodes).promote()


def test_the_epoch_is_recorded_before_anybody_follows(nodes: Cluster) -> None:
    nodes.primary.query(
        f"CREATE TABLE {Epoch._meta.db_table} (id serial, system_id text, timeline int, epoch_id text, fork_lsn bigint,"
        " previous_timeline int, node text, UNIQUE (system_id, timeline))"
    )
    nodes.wait_until_caught_up()
    nodes["us-1"].kill()

    promotion = LocalPromoter(nodes).promote("eu-1")

    sql = "SELECT timeline, previous_timeline, node, '0/0'::pg_lsn + fork_lsn FROM reliability_routing_epoch"
    nodes["ap-1"].wait_for(nodes.primary.position())
    assert nodes["ap-1"].query(sql) == [(2, 1, "eu-1", promotion.position)]


def test_a_standby_that_did_not_answer_is_named_and_can_rejoin(nodes: Cluster) -> None:
    nodes["us-1"].kill()
    nodes["ap-1"].hang()
    promoter = LocalPromoter(nodes)

    promotion = promoter.promote()
    promoter.rejoin("ap-1")

    assert promotion.left_behind == ("ap-1",)
    assert _follows(nodes["ap-1"], nodes.primary)


def test_the_primary_itself_does_not_rejoin(nodes: Cluster) -> None:
    with pytest.raises(PromotionRefused, match="us-1 is the primary"):
        LocalPromoter(nodes).rejoin("us-1")


def _follows(standby: Node, primary: Node) -> bool:
    standby.wait_for(primary.position())
    return standby.is_in_recovery()
