"""What does a query cost? Counted in django-prometheus's metrics, for its request, and as a span of a traced one.

django-prometheus's own mixin does the first alone; it looks its labels up for every query, and knows no nodes.
"""

import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django_prometheus.db import errors_total, execute_many_total, execute_total, query_duration_seconds

from reliability.telemetry import current, tracing


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
    count, count_many = execute_total.labels(alias, vendor), execute_many_total.labels(alias, vendor)
    observe = query_duration_seconds.labels(alias, vendor).observe

    def record(sql: Any, started: float, error: Exception | None) -> None:
        seconds = time.perf_counter() - started
        observe(seconds)
        work = current.current()
        if work is not None:
            work.queries += 1
            work.database_seconds += seconds
        if (work is None or work.is_sampled) and (spans := tracing.spans()) is not None:
            spans.note_query(sql, seconds=seconds, alias=alias, vendor=vendor, error=error)
        if error is not None:
            errors_total.labels(alias, vendor, type(error).__name__).inc()
        if then is not None:
            then(seconds)

    class MeteredCursor(cursor):  # type: ignore[misc]  # which class it is, the caller decides
        def execute(self, query: Any, *args: Any, **kwargs: Any) -> Any:
            count.inc()
            started = time.perf_counter()
            try:
                result = super().execute(query, *args, **kwargs)
            except errors as error:
                record(query, started, error)
                raise
            record(query, started, None)
            return result

        def executemany(self, query: Any, parameters: Any, *args: Any, **kwargs: Any) -> Any:
            rows = list(parameters)
            count.inc(len(rows))
            count_many.inc(len(rows))
            started = time.perf_counter()
            try:
                result = super().executemany(query, rows, *args, **kwargs)
            except errors as error:
                record(query, started, error)
                raise
            record(query, started, None)
            return result

    return MeteredCursor
