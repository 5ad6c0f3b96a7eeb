"""What happens when a node fails under a query? A read runs again on another node; its caller sees nothing of it."""

import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import psycopg
from django.db.backends.postgresql.base import Cursor, CursorDebugWrapper, ServerBindingCursor
from django.db.backends.utils import CursorWrapper
from django_prometheus.db import errors_total, execute_many_total, execute_total, query_duration_seconds

from reliability.routing import session

if TYPE_CHECKING:
    from reliability.routing.backend.base import DatabaseWrapper

VENDOR = "postgresql"


@lru_cache(maxsize=64)
def metered(node: str, *, prepares: bool = False) -> type[Any]:
    """Make the class of cursors of a node, which count in django-prometheus's metrics.

    Its own mixin does the same with the alias as label, and looks the label up for every query. `prepares`: values
    travel beside the statement, which the server plans once for a connection that repeats it.
    """
    base: Any = ServerBindingCursor if prepares else Cursor
    count, count_many = execute_total.labels(node, VENDOR), execute_many_total.labels(node, VENDOR)
    observe = query_duration_seconds.labels(node, VENDOR).observe

    def record(started: float) -> None:
        seconds = time.perf_counter() - started
        observe(seconds)
        if (state := session.current()) is not None:
            state.queries += 1
            state.database_seconds += seconds

    class MeteredCursor(base):  # type: ignore[misc]  # chosen above
        def execute(self, *args: Any, **kwargs: Any) -> Any:
            count.inc()
            started = time.perf_counter()
            try:
                return super().execute(*args, **kwargs)
            except psycopg.Error as error:
                errors_total.labels(node, VENDOR, type(error).__name__).inc()
                raise
            finally:
                record(started)

        def executemany(self, query: Any, params_seq: Any, **kwargs: Any) -> Any:
            rows = list(params_seq)
            count.inc(len(rows))
            count_many.inc(len(rows))
            started = time.perf_counter()
            try:
                return super().executemany(query, rows, **kwargs)
            except psycopg.Error as error:
                errors_total.labels(node, VENDOR, type(error).__name__).inc()
                raise
            finally:
                record(started)

    return MeteredCursor


class RetryingCursor(CursorWrapper):
    """Runs a statement again on another connection, where the database wrapper says that this is safe."""

    db: "DatabaseWrapper"

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        return self._rerun(super()._execute, sql, params)  # type: ignore[misc]  # the stubs lack it

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        return self._rerun(super()._executemany, sql, param_list)  # type: ignore[misc]  # the stubs lack it

    def _rerun(self, execute: Any, sql: Any, params: Any) -> Any:
        attempt = self.db.begin_statement(prepares=isinstance(self.cursor, ServerBindingCursor))
        while True:
            try:
                result = execute(sql, params)
            except self.db.RETRIED as error:
                # Raises the error, or a better one, when the statement must not run again.
                self.cursor = self.db.recover(error, sql=sql, attempt=attempt)
            else:
                self.db.end_statement(sql, attempt)
                return result


class RetryingDebugCursor(RetryingCursor, CursorDebugWrapper):
    """The same, with the log of queries."""
