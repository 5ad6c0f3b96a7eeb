"""The command `routing` on a real cluster: what it shows, and orders that reach every process."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reliability.lab.cluster import Cluster
from reliability.routing import current
from reliability.routing.losses import format_position
from reliability.routing.models import LostWrite
from reliability.routing.position import Position
from reliability.routing.signals import lost_write
from tests.cluster.routing.conftest import Site, ready_site
from tests.cluster.routing.test_writes_follow_the_promotion import promote_eu, write
from tests.waiting import wait_until


def routing(*words: str) -> str:
    output = StringIO()
    call_command("routing", *words, stdout=output)
    return output.getvalue()


@pytest.fixture
def operated(eu_site: Site) -> Iterator[Site]:
    with eu_site.using_both():
        yield eu_site


def test_status_shows_every_node_with_its_role(operated: Site) -> None:
    lines = routing("status").splitlines()

    assert lines[0].split() == ["NODE", "REGION", "ROLE", "STATE", "LAG", "BEHIND", "TIMELINE", "POSITION", "WHY"]
    assert [line.split()[:4] for line in lines[1:4]] == [
        ["us-1", "us-east", "primary", "up"],
        ["eu-1", "eu-west", "standby", "up"],
        ["ap-1", "ap-southeast", "standby", "up"],
    ]
    assert "Writes: normal; primary: us-1" in lines


def test_status_for_programs_is_json(operated: Site) -> None:
    answer = json.loads(routing("status", "--json"))

    assert (answer["primary"], answer["mode"]) == ("us-1", "normal")
    assert [node["name"] for node in answer["nodes"]] == ["us-1", "eu-1", "ap-1"]


def test_wait_ends_when_writes_go(operated: Site) -> None:
    assert routing("wait", "--for", "5") == "Writes go to us-1.\n"


def test_a_drained_node_gets_no_readers_until_it_is_lifted(operated: Site) -> None:
    routing("drain", "eu-1", "--reason", "new disk")
    drained = operated.wait_for(lambda snapshot: snapshot.by_name["eu-1"].is_drained)
    node = operated.node_of("replica")
    routing("drain", "eu-1", "--off")
    operated.wait_for(lambda snapshot: not snapshot.by_name["eu-1"].is_drained)

    assert node != "eu-1"
    assert drained.by_name["eu-1"].reason == "drained: new disk"
    assert operated.node_of("replica") == "eu-1"


def test_read_only_can_be_ended_although_it_closes_the_database(operated: Site) -> None:
    routing("read-only", "--reason", "maintenance")
    operated.wait_for(lambda snapshot: snapshot.mode == "read_only")

    routing("read-only", "--off")

    operated.wait_for(lambda snapshot: snapshot.mode == "normal")


def test_readers_may_be_sent_further_behind_for_a_while(operated: Site) -> None:
    routing("lag-limit", "300", "--reason", "slow line")
    stretched = operated.wait_for(lambda snapshot: snapshot.lag_hard_seconds is not None)
    routing("lag-limit", "--off")
    operated.wait_for(lambda snapshot: snapshot.lag_hard_seconds is None)

    assert stretched.lag_hard_seconds == 300.0
    with pytest.raises(CommandError, match="Give it in seconds"):
        routing("lag-limit")
    with pytest.raises(CommandError, match="no number of seconds"):
        routing("lag-limit", "soon")


def test_a_node_that_does_not_exist_is_refused_with_the_names(operated: Site) -> None:
    with pytest.raises(CommandError, match="No node is named eu-7; the nodes are: us-1, eu-1, ap-1"):
        routing("drain", "eu-7")


def test_an_access_log_tells_of_the_writes_of_processes_that_died(operated: Site, tmp_path: Path) -> None:
    log = tmp_path / "access.log"
    gone = format_position(Position(1, 2**40, "dead"))
    line = {"time": "2026-11-28T03:00:00.000Z", "commit_position": gone, "user": "ada", "route": "documents"}
    log.write_text(json.dumps(line) + "\n")

    first, again = routing("losses", "--log", str(log)), routing("losses", "--log", str(log))

    assert "1 writes, 1 may be lost, 1 of them new" in first
    assert "ada: documents may be lost" in first
    assert "1 writes, 1 may be lost, 0 of them new" in again


def test_a_failover_reports_what_it_lost_and_nothing_else(broken_cluster: Cluster) -> None:
    heard: list[LostWrite] = []

    def listen(write: LostWrite, **kwargs: Any) -> None:
        heard.append(write)

    lost_write.connect(listen)
    with ready_site(broken_cluster) as here:
        kept = write(here, "kept")
        broken_cluster.wait_until_caught_up()
        for standby in broken_cluster.standbys:  # Cut off, not hung: a hung one reads on what the kernel kept for it.
            standby.configure({"primary_conninfo": ""})
            wait_until(lambda node=standby: node.value("SELECT count(*) FROM pg_stat_wal_receiver") == 0)
        lost = write(here, "lost")
        broken_cluster["us-1"].kill()
        promote_eu(broken_cluster)
        here.wait_for(lambda snapshot: snapshot.primary == "eu-1")
        wait_until(lambda: bool(heard))

        assert kept.commit is not None
        assert lost.commit is not None
        assert [row.lsn for row in heard] == [lost.commit.lsn]
        assert current.snapshot().epoch is not None
        assert broken_cluster["eu-1"].value("SELECT count(*) FROM reliability_routing_lostwrite") == 1
    lost_write.disconnect(listen)
