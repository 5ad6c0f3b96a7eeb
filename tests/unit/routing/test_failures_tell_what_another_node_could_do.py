"""What an error means for the node and for the query."""

import pytest

from reliability.routing.backend.failures import ELSEWHERE, Failure, classify, may_write


@pytest.mark.parametrize(
    ("sqlstate", "expected"),
    [
        ("57P01", Failure.LOST),
        ("57P03", Failure.LOST),
        ("53300", Failure.FULL),
        ("53100", Failure.FULL),
        ("0A000", Failure.PLAN),
        ("40001", Failure.CONFLICT),
        ("55P03", Failure.LOCKED),
        ("57014", Failure.SLOW),
        ("25006", Failure.READ_ONLY),
        ("23505", Failure.OTHER),
        (None, Failure.OTHER),
    ],
)
def test_a_code_has_one_meaning(sqlstate: str | None, expected: Failure) -> None:
    assert classify(sqlstate=sqlstate, is_broken=False) == expected


def test_a_broken_connection_is_lost_whatever_the_code_says() -> None:
    assert classify(sqlstate="40001", is_broken=True) == Failure.LOST


def test_a_violated_constraint_is_the_same_on_every_node() -> None:
    assert classify(sqlstate="23505", is_broken=False) not in ELSEWHERE


def test_a_write_that_met_a_read_only_node_is_not_run_on_another_replica() -> None:
    assert Failure.READ_ONLY not in ELSEWHERE


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1", False),
        ("  select 1", False),
        ("(SELECT 1) UNION (SELECT 2)", False),
        ("INSERT INTO t VALUES (1)", True),
        ("WITH gone AS (DELETE FROM t RETURNING id) SELECT * FROM gone", True),
        ("CALL do_it()", True),
    ],
)
def test_a_statement_may_write_unless_it_surely_reads(sql: str, *, expected: bool) -> None:
    assert may_write(sql) == expected
