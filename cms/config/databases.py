"""Which databases does this process use? Built from the environment; PostgreSQL in production, SQLite embedded."""

from typing import Any

import environ

from cms.config.env import Environment

CONNECT_TIMEOUT_SECONDS = 2
LOCK_WAIT_SECONDS = 20
"""How long a SQLite writer waits for another one before it gives up."""


def build(environment: Environment) -> dict[str, dict[str, Any]]:
    """Build Django's DATABASES from CMS_DATABASE_URL."""
    database: dict[str, Any] = environ.Env.db_url_config(environment.database_url)
    if environment.database_url.startswith("sqlite"):
        return {"default": database | _sqlite()}
    return {"default": database | _postgresql(database)}


def _sqlite() -> dict[str, Any]:
    """Writers take the lock when the transaction begins: a lock taken later cannot wait, it fails at once."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "OPTIONS": {
            "timeout": LOCK_WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }


def _postgresql(database: dict[str, Any]) -> dict[str, Any]:
    options = {
        "connect_timeout": CONNECT_TIMEOUT_SECONDS,
        "options": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000",
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 600,
        "OPTIONS": database.get("OPTIONS", {}) | options,
    }
