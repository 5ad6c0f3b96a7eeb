"""What does a query cost? Counted in django-prometheus's metrics, for its request, and as a span of a traced one.

django-prometheus's own mixin does the first alone; it looks its labels up for every query, and knows no nodes.
"""

import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from django_prometheus.db import errors_total, execute_many_total, execute_total, query_duration_seconds

from reliability.telemetry import current, tracing
from reliability.telemetry.ledger import Noted, observe_all


class Series:
    """What is counted under one alias."""

    def __init__(self, alias: str, vendor: str) -> None:
        self.alias, self.vendor = alias, vendor
        self.queries = Noted(self._add)
        self._many = execute_many_total.labels(alias, vendor)
        self._count = execute_total.labels(alias, vendor)
        self._duration = query_duration_seconds.labels(alias, vendor)

    def more(self, rows: int) -> None:
        """Count the rows of a bulk statement, which is one query by time."""
        self._many.inc(rows)
        self._count.inc(max(0, rows - 1))

    def failed(self, error: Exception) -> None:
        errors_total.labels(self.alias, self.vendor, type(error).__name__).inc()

    def _add(self, seconds: Sequence[float]) -> None:
        self._count.inc(len(seconds))
        observe_all(self._duration, seconds)


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
    series.queries.note(seconds)
    work = current.current()
    if work is not None:
        work.queries += 1
        work.database_seconds += seconds
    if (work is None or work.is_sampled) and (spans := tracing.spans()) is not None:
        spans.note_query(sql, seconds=seconds, alias=series.alias, vendor=series.vendor, error=error)
    if error is not None:
        series.failed(error)
    if then is not None:
        then(seconds)
