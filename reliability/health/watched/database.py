"""Does the database answer? Asked on a connection of its own, with the driver's timeouts: no pool, no wait.

For sites without `reliability.routing`, whose own probes know every node.
"""

import sqlite3
from contextlib import closing
from typing import Any

import psycopg
from django.db import connections

from reliability.telemetry.probe import Effect, Probe, Result, Scope

ALIAS = "default"
QUESTION = "SELECT 1"


class DatabaseProbe(Probe):
    """Fails when the database does not answer a query."""

    name = "database"
    scope: Scope = "shared"
    interval = 0.5
    timeout = 2.0
    affects: tuple[Effect, ...] = ("startup", "region", "writes")

    def __call__(self) -> Result:
        vendor = connections[ALIAS].vendor
        ask = {"postgresql": _ask_postgres, "sqlite": _ask_sqlite}[vendor]
        ask(connections[ALIAS].settings_dict)
        return Result("pass", 1.0, "nodes")


def _ask_sqlite(database: dict[str, Any]) -> None:
    """Open the file without making it where it is missing; a lock is no failure, so nothing is waited for."""
    name = str(database["NAME"])
    address = name if name.startswith("file:") else f"file:{name}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=1.0)) as connection:
        connection.execute(QUESTION).fetchone()


def _ask_postgres(database: dict[str, Any]) -> None:
    """Connect within 2 s, which is libpq's least, and let the server end the query after 1 s."""
    keys = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    known = {key: database[name] for name, key in keys.items() if database.get(name)}
    options: dict[str, Any] = {"connect_timeout": 2, "tcp_user_timeout": 2_000, "options": "-c statement_timeout=1000"}
    with psycopg.connect(**known, **options, autocommit=True, application_name="health") as connection:
        connection.execute(QUESTION)


database = DatabaseProbe()
