"""What happens when a node fails under a query? A read runs again on another node; its caller sees nothing of it."""

from typing import TYPE_CHECKING, Any

import psycopg
from django.db.backends.postgresql.base import Cursor, CursorDebugWrapper, ServerBindingCursor
from django.db.backends.utils import CursorWrapper

from reliability.routing import session
from reliability.telemetry.db import metered

if TYPE_CHECKING:
    from reliability.routing.backend.base import DatabaseWrapper

VENDOR = "postgresql"


def metered_by(node: str, *, prepares: bool = False) -> type[Any]:
    """Make the class of cursors of a node: its queries count under its name, and for the request that they serve.

    `prepares`: values travel beside the statement, which the server plans once for a connection that repeats it.
    """
    return metered(ServerBindingCursor if prepares else Cursor, node, VENDOR, psycopg.Error, _note)


def _note(seconds: float) -> None:
    if (state := session.current()) is not None:
        state.database_seconds += seconds


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
