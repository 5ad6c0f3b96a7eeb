"""Every query counts once: those of a request when it is answered, others at once."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from prometheus_client import REGISTRY, Histogram

from reliability.telemetry import current
from reliability.telemetry.current import Work
from reliability.telemetry.db import UNCOUNTED_MAX, count, observe_all


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


def test_outside_of_a_request_it_counts_at_once(db: None) -> None:
    ask()
    before = counted()

    ask(3)

    assert more(before) == (3, 3, 0, 0)


def test_in_a_request_it_counts_when_that_is_over(work: Work) -> None:
    before = counted()

    ask(3)
    meanwhile = more(before)
    count(work)
    count(work)

    assert meanwhile == (0, 0, 0, 0)
    assert more(before) == (3, 3, 0, 0)
    assert work.queries == 3
    assert work.database_seconds > 0


def test_a_long_task_counts_on_its_way(work: Work) -> None:
    before = counted()

    ask(UNCOUNTED_MAX + 1)

    assert more(before) == (UNCOUNTED_MAX, UNCOUNTED_MAX, 0, 0)


def test_a_bulk_statement_is_one_time_and_many_rows(work: Work) -> None:
    before = counted()

    with connection.cursor() as cursor:
        cursor.executemany("UPDATE django_content_type SET model = model WHERE id = %s", [(-1,), (-2,), (-3,)])
    count(work)

    assert more(before) == (3, 1, 3, 0)


def test_an_error_counts_as_query_and_as_error(work: Work) -> None:
    before = counted()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT nothing")
    count(work)

    assert more(before)[3] == 1


def test_observing_all_at_once_is_observing_each() -> None:
    one, all_at_once = (Histogram("seconds", "Seconds.", buckets=(0.1, 0.5, 1.0), registry=None) for _ in range(2))
    values = [0.05, 0.1, 0.3, 0.5, 0.7, 99.0]

    for value in values:
        one.observe(value)
    observe_all(all_at_once, values)

    def samples(histogram: Histogram) -> list[tuple[str, str, float]]:
        [metric] = histogram.collect()
        return [
            (each.name, each.labels.get("le", ""), each.value) for each in metric.samples if "created" not in each.name
        ]

    assert samples(all_at_once) == samples(one)
