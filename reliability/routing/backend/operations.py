"""How is a statement shown that was run, in the log of queries?"""

from typing import Any

from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.postgresql.operations import DatabaseOperations as PostgresOperations


class DatabaseOperations(PostgresOperations):
    """Those of PostgreSQL, for connections whose cursors bind values on this side or on the server."""

    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """Show a statement with its values put in; those of a prepared one travelled beside it."""
        if isinstance(cursor, ServerBindingCursor):
            return self.compose_sql(sql, params)
        return super().last_executed_query(cursor, sql, params)
