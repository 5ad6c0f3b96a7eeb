"""Whether a node may show itself to a reader who has seen a position."""

from typing import Any

from reliability.routing.decision import Verdict, verdict, verdict_after_asking
from reliability.routing.position import Position
from reliability.routing.topology import Node, Snapshot
from tests.unit.routing.samples import FIRST, SECOND, node, primary, snapshot

SEEN = Position(1, 500, "aaaa")


def judge(judged: Node, *, position: Position = SEEN, picture: Snapshot | None = None, **more: Any) -> Verdict:
    return verdict(position, judged, picture or snapshot(primary(), judged), **{"budget_seconds": 0.05, **more})


def test_a_node_that_is_known_to_have_it_answers_without_a_question() -> None:
    assert judge(node("eu-1", lsn=500)) is Verdict.FREE
    assert judge(node("eu-1", lsn=500), started_at=100.0) is Verdict.FREE


def test_a_sample_from_before_a_restart_proves_nothing() -> None:
    assert judge(node("eu-1", lsn=500), started_at=200.0) is Verdict.ASK


def test_a_node_that_may_have_it_by_now_is_asked() -> None:
    assert judge(node("eu-1", lsn=499)) is Verdict.ASK
    assert judge(node("eu-1", lsn=499, staleness_seconds=3.0), issued_seconds_ago=4.0) is Verdict.ASK


def test_a_node_that_cannot_have_it_in_time_is_passed_over() -> None:
    assert judge(node("eu-1", lsn=499, staleness_seconds=3.0)) is Verdict.MOVE_ON
    assert judge(node("eu-1", lsn=499, is_replay_paused=True)) is Verdict.MOVE_ON


def test_the_primary_has_everything_that_survived() -> None:
    assert judge(primary(lsn=1)) is Verdict.PRIMARY


def test_behind_the_name_of_the_primary_another_server_is_asked() -> None:
    assert judge(primary(lsn=1), started_at=100.0) is Verdict.PRIMARY
    assert judge(primary(lsn=9_999), started_at=200.0) is Verdict.ASK


def test_a_node_of_another_epoch_is_passed_over_whatever_its_lsn() -> None:
    picture = snapshot(primary("ap-1", timeline=2, epoch_id=SECOND.epoch_id), epochs=(FIRST, SECOND))

    assert judge(node("eu-1", lsn=9_999), picture=picture) is Verdict.MOVE_ON


def test_what_did_not_survive_is_lost_on_every_node() -> None:
    moved = {"timeline": 2, "epoch_id": SECOND.epoch_id, "lsn": 9_999}
    picture = snapshot(primary("eu-1", **moved), epochs=(FIRST, SECOND))

    assert judge(primary("eu-1", **moved), position=Position(1, 1_001, "aaaa"), picture=picture) is Verdict.LOST


def test_a_position_of_a_promotion_that_nobody_has_seen_is_unknown() -> None:
    assert judge(primary(), position=Position(2, 1, "bbbb")) is Verdict.UNKNOWN


def asked(replayed: int, *, left: float = 0.05, **values: Any) -> Verdict:
    return verdict_after_asking(SEEN, replayed_lsn=replayed, node=node("eu-1", **values), left_seconds=left)


def test_after_the_question_a_node_that_is_nearly_there_is_waited_for_within_the_budget() -> None:
    assert asked(500) is Verdict.FREE
    assert asked(499) is Verdict.WAIT
    assert asked(499, left=0.0) is Verdict.MOVE_ON
    assert asked(499, staleness_seconds=3.0) is Verdict.MOVE_ON


def test_a_position_is_forgotten_when_every_node_that_reads_has_passed_it() -> None:
    passed = snapshot(primary(lsn=900), node("eu-1", lsn=500), node("ap-1", lsn=1, is_up=False))

    assert passed.have_all_passed(SEEN)
    assert not passed.have_all_passed(Position(1, 501, "aaaa"))
    assert not passed.have_all_passed(Position(2, 1, "bbbb"))
    assert not Snapshot().have_all_passed(SEEN)
