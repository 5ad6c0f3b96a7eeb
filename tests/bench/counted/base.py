"""Django's own PostgreSQL engine with our counting cursor, and nothing of routing: what telemetry alone costs."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from reliability.telemetry.db import metered


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.cursor_factory = metered(base.Cursor, self.alias, self.vendor, psycopg.Error)
        return connection
