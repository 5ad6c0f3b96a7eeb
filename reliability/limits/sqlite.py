"""How does a deadline end a statement of SQLite? SQLite asks us now and then, and waits for a lock no longer than that.

For a project that imports this module once; nothing changes where there is no deadline.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from reliability.limits.deadline import remaining

STEPS = 20_000
"""Instructions of SQLite between two questions: about a millisecond."""
LOCK_SECONDS = 5.0
"""Django's own default, where the option `timeout` is not set."""


@receiver(connection_created, dispatch_uid="reliability.limits.sqlite")
def bind(connection: BaseDatabaseWrapper, **ignored: Any) -> None:
    """Bind the statements of a new connection to the deadlines of those who run them."""
    if connection.vendor != "sqlite":
        return
    connection.connection.set_progress_handler(is_over, STEPS)
    if not any(isinstance(wrapper, LockWait) for wrapper in connection.execute_wrappers):
        connection.execute_wrappers.append(LockWait(connection))


def is_over() -> bool:
    """Tell SQLite to give up; it runs in the thread of the statement, whose deadline this is."""
    return remaining() == 0.0


class LockWait:
    """Shortens the wait for a lock to what is left."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self._connection = connection
        self._usual = float(connection.settings_dict["OPTIONS"].get("timeout", LOCK_SECONDS))
        self._now = self._usual

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        left = remaining()
        wanted = self._usual if left is None else min(self._usual, left)
        # Each time where a deadline is near; with plenty of time left, only to undo that.
        if wanted < self._usual or self._now < self._usual:
            self._connection.connection.execute(f"PRAGMA busy_timeout = {int(wanted * 1000)}")
            self._now = wanted
        return execute(sql, params, many, context)
