"""Which node answers first, and which takes over."""

from typing import Any

from reliability.routing.decision import Candidate, LagLimits, Reason, order
from reliability.routing.topology import Address, Node, Snapshot
from tests.unit.routing.samples import FIRST, SECOND, node, primary, snapshot

LIMITS = LagLimits(seconds=30.0, size_bytes=1_000)


def names(picture: Snapshot, **choice: Any) -> list[tuple[str, str]]:
    ordered = order(picture, **{"region": "eu-west", "limits": LIMITS, **choice})
    return [(candidate.node.name, candidate.reason.value) for candidate in ordered]


def test_the_local_standby_comes_first_then_the_nearest_then_the_primary() -> None:
    picture = snapshot(primary(rtt_seconds=0.01), node("ap-1", rtt_seconds=0.2), node("eu-1"))

    assert names(picture) == [("eu-1", "local"), ("ap-1", "nearest"), ("us-1", "primary")]


def test_a_reader_with_a_token_gets_the_primary_before_what_is_further_away() -> None:
    picture = snapshot(primary(rtt_seconds=0.08), node("ap-1", rtt_seconds=0.2), node("eu-1"), node("eu-2"))

    assert names(picture, region="us-west", with_token=True) == [
        ("eu-1", "nearest"), ("eu-2", "nearest"), ("us-1", "primary"), ("ap-1", "nearest"),
    ]  # fmt: skip


def test_beside_the_primary_a_local_standby_reads_and_the_primary_takes_over() -> None:
    near = node("us-2", address=Address("us-2", "h", 1, "us-east"))

    assert names(snapshot(primary(), node("eu-1"), near), region="us-east", with_token=True) == [
        ("us-2", "local"), ("us-1", "local"), ("eu-1", "nearest"),
    ]  # fmt: skip


def test_without_a_local_standby_the_primary_of_the_region_reads() -> None:
    assert names(snapshot(primary(), node("eu-1")), region="us-east")[0] == ("us-1", "local")


def test_noise_in_the_distance_changes_nothing() -> None:
    first = snapshot(node("ap-1", rtt_seconds=0.0012), node("us-1", rtt_seconds=0.0008))
    second = snapshot(node("ap-1", rtt_seconds=0.0008), node("us-1", rtt_seconds=0.0012))

    assert names(first) == names(second)


def test_what_is_down_fenced_or_on_another_epoch_never_reads() -> None:
    moved = {"timeline": 2, "epoch_id": SECOND.epoch_id}
    nodes = (
        primary("eu-1", **moved),
        node("ap-1", **moved, is_up=False),
        node("us-1"),
        node("us-2", **moved, is_fenced=True),
    )

    assert names(snapshot(*nodes, epochs=(FIRST, SECOND))) == [("eu-1", "local")]


def late(name: str, **values: Any) -> Node:
    return node(name, **{"staleness_seconds": 31.0, **values})


def test_a_node_beyond_the_limits_answers_last_and_stale() -> None:
    picture = snapshot(primary(lsn=2_000), late("eu-1", lsn=1_999), node("ap-1", lsn=999), node("us-2", lsn=1_000))

    assert names(picture) == [("us-2", "local"), ("us-1", "primary"), ("eu-1", "stale"), ("ap-1", "stale")]


def test_the_limits_are_relative_so_that_a_dead_primary_evicts_nobody() -> None:
    picture = snapshot(late("eu-1", staleness_seconds=600.0), late("ap-1", staleness_seconds=605.0))

    assert names(picture) == [("eu-1", "local"), ("ap-1", "nearest")]


def test_a_primary_whose_heartbeat_stands_still_is_not_late() -> None:
    assert names(snapshot(primary(staleness_seconds=99.0), node("eu-1"))) == [("eu-1", "local"), ("us-1", "primary")]


def test_a_drained_node_answers_only_when_nobody_else_does() -> None:
    drained = node("eu-1", is_drained=True)

    assert names(snapshot(primary(), drained)) == [("us-1", "primary"), ("eu-1", "stale")]
    assert order(snapshot(drained), region="eu-west", limits=LIMITS) == (Candidate(drained, Reason.STALE),)


def test_an_unknown_cluster_has_no_node() -> None:
    assert names(Snapshot()) == []
    assert names(snapshot(node("eu-1", is_up=False))) == []


def test_an_address_never_shows_its_password() -> None:
    secret = Address("us-1", "db", 5432, "us-east", parameters={"user": "cms", "password": "hunter2"})

    assert "hunter2" not in repr(node("us-1", address=secret)) + str(secret)
