"""How is a database made and dropped for tests? As PostgreSQL's is, but for what may still read it."""

from typing import Any

from django.db.backends.postgresql.creation import DatabaseCreation as PostgresCreation


class DatabaseCreation(PostgresCreation):
    """Drops a test database also when a thread of the process, which follows it in the background, is back already."""

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        with self._nodb_cursor() as cursor:  # type: ignore[attr-defined]  # the stubs lack it
            quoted: Any = self.connection.ops.quote_name(test_database_name)
            cursor.execute(f"DROP DATABASE {quoted} WITH (FORCE)")
