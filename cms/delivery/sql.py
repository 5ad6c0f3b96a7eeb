"""How is one and the same SQL run on PostgreSQL and on SQLite? Cursor of the reader's node, values in and out.

Reads of published content are written in SQL by hand: they are the product's hottest path, and the statement that
runs is the statement that one reads here.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from cms.delivery.models import Publication

UUID_CHARACTERS = 36
"""Length of an id with its dashes; SQLite keeps it without."""


def reading() -> BaseDatabaseWrapper:
    """Give the connection that serves reads of published content."""
    return connections[router.db_for_read(Publication) or "default"]


def fetch(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Run one statement on the reader's node and return its rows."""
    connection = reading()
    with prepared_cursor(connection) as cursor:
        cursor.execute(sql, bind(connection, values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def prepared_cursor(connection: BaseDatabaseWrapper) -> Any:
    """Give a cursor for a statement that is run all the time: the server plans it once for a connection.

    SQLite keeps statements by itself.
    """
    cursor_of: Callable[[], Any] = getattr(connection, "prepared_cursor", connection.cursor)
    return cursor_of()


def bind(connection: BaseDatabaseWrapper, values: Sequence[Any]) -> list[Any]:
    """Put values in the form that the database takes: SQLite keeps ids as 32 hex digits and instants as text."""
    if connection.vendor == "postgresql":
        return list(values)
    return [_for_sqlite(value) for value in values]


def _for_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
    return value


def uuid_text(value: Any) -> str | None:
    """Give an id from a row as text."""
    if value is None:
        return None
    if isinstance(value, UUID) or len(value) == UUID_CHARACTERS:
        return str(value)
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def instant(value: datetime | str) -> datetime:
    """Give an instant from a row as an aware datetime; SQLite's are naive, and in UTC."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def instant_text(value: datetime | str) -> str:
    """Give an instant from a row as RFC 3339 text in UTC, in seconds; sessions of both databases are in UTC."""
    text = value if isinstance(value, str) else value.isoformat(" ")
    return f"{text[:10]}T{text[11:19]}Z"


def marks(values: Iterable[Any]) -> str:
    """Write one placeholder for each value, for an IN list."""
    return ", ".join("%s" for _ in values)
