"""What a failover did to a position, and which of several promotions counts."""

from dataclasses import replace

import pytest

from reliability.routing.epoch import EpochConflict, EpochRecord, Fate, current, decide, fate, is_on
from reliability.routing.position import Position
from tests.unit.routing.samples import FIRST, SECOND, SYSTEM, THIRD

ALL = (FIRST, SECOND, THIRD)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (Position(3, 9_999, "cccc"), Fate.SURVIVED),
        (Position(2, 2_000, "bbbb"), Fate.SURVIVED),
        (Position(2, 2_001, "bbbb"), Fate.LOST),
        (Position(1, 1_000, "aaaa"), Fate.SURVIVED),
        (Position(1, 1_001, "aaaa"), Fate.LOST),
        (Position(4, 1, "dddd"), Fate.UNKNOWN),
        (Position(0, 1), Fate.UNKNOWN),
    ],
)
def test_a_position_survives_up_to_the_next_fork(position: Position, expected: Fate) -> None:
    assert fate(position, ALL) is expected


def test_a_bare_lsn_would_lie_after_the_new_primary_wrote_past_it() -> None:
    lost = Position(1, 1_500, "aaaa")

    assert fate(lost, (FIRST, SECOND)) is Fate.LOST  # although the log of the second epoch is at 1 500 by now


def test_a_later_promotion_from_an_earlier_point_loses_what_an_earlier_one_kept() -> None:
    early = replace(THIRD, fork_lsn=800, previous_timeline=1)

    assert fate(Position(1, 900, "aaaa"), (FIRST, SECOND, early)) is Fate.LOST
    assert fate(Position(1, 800, "aaaa"), (FIRST, SECOND, early)) is Fate.SURVIVED


def test_a_branch_that_was_left_is_lost_whatever_its_lsn() -> None:
    beside = replace(THIRD, fork_lsn=3_000, previous_timeline=1)

    assert fate(Position(2, 1_001, "bbbb"), (FIRST, SECOND, beside)) is Fate.LOST
    assert fate(Position(1, 2_500, "aaaa"), (FIRST, SECOND, beside)) is Fate.SURVIVED


def test_the_other_promotion_of_one_timeline_is_lost() -> None:
    assert fate(Position(2, 1_100, "eeee"), (FIRST, SECOND)) is Fate.LOST


def test_a_position_without_an_epoch_is_judged_by_its_timeline() -> None:
    assert fate(Position(2, 1_100), (FIRST, SECOND)) is Fate.SURVIVED


def test_a_promotion_that_was_not_recorded_leaves_the_past_unknown() -> None:
    assert fate(Position(1, 500, "aaaa"), (FIRST, THIRD)) is Fate.UNKNOWN
    assert fate(Position(2, 500, "bbbb"), (FIRST, THIRD)) is Fate.UNKNOWN
    assert fate(Position(1, 500), ()) is Fate.UNKNOWN


def test_a_node_is_on_the_epoch_when_it_has_its_row() -> None:
    assert is_on(SECOND, timeline=2, epoch_id="bbbb0002")
    assert not is_on(SECOND, timeline=1, epoch_id="aaaa0001")
    assert not is_on(SECOND, timeline=2, epoch_id="bbbb9999")
    assert is_on(None, timeline=1, epoch_id="")
    assert current(ALL) == THIRD
    assert current(()) is None


OTHER = EpochRecord(SYSTEM, 2, "eeee0002", 1_000, 1, "ap-1")


def test_the_highest_timeline_wins() -> None:
    assert decide([FIRST, SECOND], known=FIRST, fenced=()) == SECOND
    assert decide([FIRST], known=SECOND, fenced=()) == SECOND  # the old primary came back alone
    assert decide([], known=None, fenced=()) is None


def test_what_was_known_stays_when_another_claims_its_timeline() -> None:
    assert decide([SECOND, OTHER], known=SECOND, fenced=()) == SECOND
    assert decide([OTHER], known=SECOND, fenced=()) == SECOND


def test_two_promotions_at_once_close_the_writes_until_one_is_fenced() -> None:
    with pytest.raises(EpochConflict):
        decide([SECOND, OTHER], known=FIRST, fenced=())

    assert decide([SECOND, OTHER], known=FIRST, fenced={"eu-1"}) == OTHER
    assert decide([SECOND, OTHER], known=SECOND, fenced={"eu-1"}) == OTHER
