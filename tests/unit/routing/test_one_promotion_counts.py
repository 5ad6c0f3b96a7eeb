"""Which node may write, when several say that they can."""

from reliability.routing.lineage import Lineage
from tests.unit.routing.answers import epoch, standby, writable

FIRST = epoch(1, "aaaa", "us-1")
SECOND = epoch(2, "bbbb", "eu-1", fork=900)
RIVAL = epoch(2, "cccc", "ap-1", fork=900)


def test_the_first_primary_counts_while_it_is_recorded() -> None:
    lineage = Lineage()

    settled = lineage.settle({"us-1": writable(1), "eu-1": standby()}, fenced=())

    assert settled.primary == "us-1"
    assert settled.to_record is not None
    assert (settled.to_record.timeline, settled.to_record.fork_lsn, settled.to_record.node) == (1, 0, "us-1")


def test_a_recorded_primary_counts() -> None:
    settled = Lineage().settle({"us-1": writable(1, FIRST), "eu-1": standby(FIRST)}, fenced=())

    assert (settled.primary, settled.to_record, settled.is_conflict) == ("us-1", None, False)


def test_a_promotion_is_recorded_with_the_place_where_it_left_the_log() -> None:
    lineage = Lineage()
    lineage.settle({"us-1": writable(1, FIRST), "eu-1": standby(FIRST)}, fenced=())

    settled = lineage.settle({"eu-1": writable(2, FIRST, fork_lsn=900)}, fenced=())

    assert settled.primary is None
    assert settled.to_record is not None
    assert (settled.to_record.timeline, settled.to_record.fork_lsn) == (2, 900)
    assert settled.to_record.previous_timeline == 1


def test_an_old_primary_that_returns_may_not_write() -> None:
    lineage = Lineage()
    lineage.settle({"eu-1": writable(2, FIRST, SECOND)}, fenced=())
    old = writable(1, FIRST, lsn=5000)

    settled = lineage.settle({"us-1": old, "eu-1": writable(2, FIRST, SECOND)}, fenced=())

    assert settled.primary == "eu-1"
    assert lineage.is_former("us-1", old, fenced=())


def test_a_row_on_a_standby_is_enough_to_know_an_old_primary() -> None:
    lineage = Lineage()
    old = writable(1, FIRST)

    settled = lineage.settle({"us-1": old, "ap-1": standby(FIRST, SECOND)}, fenced=())

    assert settled.primary is None
    assert lineage.is_former("us-1", old, fenced=())


def test_two_that_were_promoted_at_once_close_writes() -> None:
    settled = Lineage().settle({"eu-1": writable(2, FIRST), "ap-1": writable(2, FIRST)}, fenced=())

    assert (settled.primary, settled.is_conflict, settled.to_record) == (None, True, None)


def test_two_recorded_promotions_close_writes_though_one_was_known_first() -> None:
    lineage = Lineage()
    lineage.settle({"eu-1": writable(2, FIRST, SECOND)}, fenced=())

    settled = lineage.settle({"eu-1": writable(2, FIRST, SECOND), "ap-1": writable(2, FIRST, RIVAL)}, fenced=())

    assert (settled.primary, settled.is_conflict) == (None, True)


def test_an_operator_decides_by_fencing_one() -> None:
    answers = {"eu-1": writable(2, FIRST, SECOND), "ap-1": writable(2, FIRST, RIVAL)}

    settled = Lineage().settle(answers, fenced={"ap-1"})

    assert (settled.primary, settled.is_conflict) == ("eu-1", False)


def test_a_rival_that_nobody_recorded_is_a_former_primary() -> None:
    lineage = Lineage()
    lineage.settle({"eu-1": writable(2, FIRST, SECOND)}, fenced=())
    rival = writable(2, FIRST)

    settled = lineage.settle({"eu-1": writable(2, FIRST, SECOND), "ap-1": rival}, fenced=())

    assert settled.primary == "eu-1"
    assert lineage.is_former("ap-1", rival, fenced=())


def test_a_table_that_was_emptied_gets_its_row_back() -> None:
    lineage = Lineage()
    lineage.settle({"us-1": writable(1, FIRST)}, fenced=())

    settled = lineage.settle({"us-1": writable(1)}, fenced=())

    assert (settled.primary, settled.to_record) == ("us-1", FIRST)


def test_a_row_that_a_standby_shows_first_takes_nothing_from_the_primary() -> None:
    lineage = Lineage()
    lineage.settle({"us-1": writable(1), "eu-1": standby()}, fenced=())

    settled = lineage.settle({"us-1": writable(1), "eu-1": standby(FIRST)}, fenced=())

    assert settled.primary == "us-1"


def test_before_the_tables_exist_the_writable_node_is_the_primary() -> None:
    settled = Lineage().settle({"us-1": writable(1, rows=None), "eu-1": standby(rows=None)}, fenced=())

    assert (settled.primary, settled.to_record) == ("us-1", None)
