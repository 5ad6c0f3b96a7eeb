"""Which databases does this process use? Built from the environment; PostgreSQL in production, SQLite embedded."""

from typing import Any

import environ

from cms.config.env import Environment
from reliability.routing.configuration import cluster

LOCK_WAIT_SECONDS = 20
"""How long a SQLite writer waits for another one before it gives up."""
DEGRADED_PAGE = "cms.editor.views.degraded.form_again"
"""Draws the form of an editor that cannot be saved at the moment."""
Databases = dict[str, dict[str, Any]]


def build(environment: Environment) -> tuple[Databases, dict[str, Any]]:
    """Build Django's DATABASES, and ROUTING, from CMS_DATABASE_URL, CMS_REPLICA_URLS and CMS_ROUTING_*.

    PostgreSQL gets two aliases, `default` (the primary) and `replica` (any node that may be read), SQLite only
    `default`: routing is inert without the other one.
    """
    if environment.database_url.startswith("sqlite"):
        return {"default": environ.Env.db_url_config(environment.database_url) | _sqlite()}, {
            "REGION": environment.region,
            "COLOUR": environment.colour,
        }
    return cluster(
        environment.database_url,
        environment.replica_urls,
        region=environment.region,
        primary_region=environment.primary_region,
        colour=environment.colour,
        degraded_page=DEGRADED_PAGE,
        **{"threads": environment.request_slots, **environment.routing},
    )


def _sqlite() -> dict[str, Any]:
    """Writers take the lock when the transaction begins: a lock taken later cannot wait, it fails at once."""
    return {
        "ENGINE": "reliability.telemetry.sqlite",
        "OPTIONS": {
            "timeout": LOCK_WAIT_SECONDS,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
