"""Every query counts once, and for its request."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from prometheus_client import REGISTRY

from reliability.telemetry import current, ledger
from reliability.telemetry.current import Work


@pytest.fixture
def work(db: None) -> Iterator[Work]:
    with connection.cursor() as cursor:  # What opens the connection is not counted.
        cursor.execute("SELECT 1")
    made = Work(1, "r-1")
    current.begin(made)
    yield made
    current.end()


def counted() -> tuple[float, float, float, float]:
    """Give queries, their times, rows of bulk statements, and errors, over all aliases: with routing they are nodes."""
    ledger.settle()
    names = ("execute_total", "query_duration_seconds_count", "execute_many_total", "errors_total")
    totals = dict.fromkeys((f"django_db_{name}" for name in names), 0.0)
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            if sample.name in totals:
                totals[sample.name] += sample.value
    queries, times, rows, errors = totals.values()
    return queries, times, rows, errors


def ask(times: int = 1) -> None:
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute("SELECT 1")


def more(before: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(now - then for now, then in zip(counted(), before, strict=True))


def test_it_counts_outside_of_a_request(db: None) -> None:
    ask()
    before = counted()

    ask(3)

    assert more(before) == (3, 3, 0, 0)


def test_in_a_request_it_counts_for_that_too(work: Work) -> None:
    before = counted()

    ask(3)

    assert more(before) == (3, 3, 0, 0)
    assert work.queries == 3
    assert work.database_seconds > 0


def test_a_bulk_statement_is_one_time_and_many_rows(work: Work) -> None:
    before = counted()

    with connection.cursor() as cursor:
        cursor.executemany("UPDATE django_content_type SET model = model WHERE id = %s", [(-1,), (-2,), (-3,)])

    assert more(before) == (3, 1, 3, 0)


def test_an_error_counts_as_query_and_as_error(work: Work) -> None:
    before = counted()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing")

    assert more(before)[3] == 1
