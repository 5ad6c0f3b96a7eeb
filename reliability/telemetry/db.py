"""What does a query cost? Counted in django-prometheus's metrics, for its request, and as a span of a traced one.

django-prometheus's own mixin does the first alone; it looks its labels up for every query, and knows no nodes.
"""

import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django_prometheus.db import errors_total, execute_many_total, execute_total, query_duration_seconds
from prometheus_client import Histogram

from reliability.telemetry import current, tracing
from reliability.telemetry.current import Work

UNCOUNTED_MAX = 100
"""How many queries a request or task may keep to itself before they are counted."""


class Series:
    """What is counted under one alias."""

    def __init__(self, alias: str, vendor: str) -> None:
        self.alias, self.vendor = alias, vendor
        self.many = execute_many_total.labels(alias, vendor)
        self._count = execute_total.labels(alias, vendor)
        self._duration = query_duration_seconds.labels(alias, vendor)

    def take(self, seconds: Sequence[float]) -> None:
        """Count queries by their seconds."""
        self._count.inc(len(seconds))
        observe_all(self._duration, seconds)

    def more(self, rows: int) -> None:
        """Count the rows of a bulk statement, which is one query by time."""
        self.many.inc(rows)
        self._count.inc(max(0, rows - 1))

    def failed(self, error: Exception) -> None:
        errors_total.labels(self.alias, self.vendor, type(error).__name__).inc()


def observe_all(histogram: Histogram, values: Sequence[float]) -> None:
    """Observe several values with a write for each bucket, and not two for each value; those are what costs.

    The library has no such function, so this reaches into it; a test compares the two.
    """
    bounds = histogram._upper_bounds
    histogram._sum.inc(sum(values))
    for index, number in Counter(bisect_left(bounds, value) for value in values).items():
        histogram._buckets[index].inc(number)


def count(work: Work) -> None:
    """Count the queries of a request or task: all at once, for that costs a third of counting each after it ran."""
    for series, seconds in work.uncounted.items():
        series.take(seconds)
    work.uncounted.clear()


@lru_cache(maxsize=64)
def metered(
    cursor: type[Any],
    alias: str,
    vendor: str,
    errors: type[Exception],
    then: Callable[[float], None] | None = None,
) -> type[Any]:
    """Make the class of cursors that count under this alias, from a driver's class and the base of its errors.

    `then` gets the seconds of each query.
    """
    series = Series(alias, vendor)

    class MeteredCursor(cursor):  # type: ignore[misc]  # which class it is, the caller decides
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            started = time.perf_counter()
            try:
                result = super().execute(query, *args, **kwargs)
            except errors as error:
                _record(series, query, started, error, then)
                raise
            _record(series, query, started, None, then)
            return result

        def executemany(self, query: Any, parameters: Any, *args: Any, **kwargs: Any) -> Any:
            rows = list(parameters)
            series.more(len(rows))
            started = time.perf_counter()
            try:
                result = super().executemany(query, rows, *args, **kwargs)
            except errors as error:
                _record(series, query, started, error, then)
                raise
            _record(series, query, started, None, then)
            return result

    return MeteredCursor


def _record(
    series: Series, sql: Any, started: float, error: Exception | None, then: Callable[[float], None] | None
) -> None:
    seconds = time.perf_counter() - started
    work = current.current()
    if work is None:
        series.take((seconds,))
    else:
        _keep(work, series, seconds)
    if (work is None or work.is_sampled) and (spans := tracing.spans()) is not None:
        spans.note_query(sql, seconds=seconds, alias=series.alias, vendor=series.vendor, error=error)
    if error is not None:
        series.failed(error)
    if then is not None:
        then(seconds)


def _keep(work: Work, series: Series, seconds: float) -> None:
    work.queries += 1
    work.database_seconds += seconds
    kept = work.uncounted.setdefault(series, [])
    kept.append(seconds)
    if len(kept) >= UNCOUNTED_MAX:
        count(work)
