"""Django's SQLite engine, with its queries counted: the ENGINE of the embedded default."""

import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

from reliability.telemetry.db import metered


class DatabaseWrapper(base.DatabaseWrapper):
    """A SQLite database whose queries are seen."""

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = metered(base.SQLiteCursorWrapper, self.alias, self.vendor, sqlite3.Error)
        return self.connection.cursor(factory=cursor)
