"""How many migrations are applied, and how many are not? A collector; counted by django-prometheus's own function."""

from django_prometheus.migrations import ExportMigrations


def count_migrations() -> None:
    """Set the gauges of every database. Raises DatabaseError while one does not answer."""
    ExportMigrations()


count_migrations.interval_seconds = 60.0  # type: ignore[attr-defined]  # how often it is run
