"""A process with more threads than its pool has connections: they wait for each other, and nobody is turned away."""

import threading

from django.db import Error

from reliability.lab.cluster import Cluster
from tests.cluster.routing.conftest import Site, ready_site

HOLD_SECONDS = 0.2


def test_every_thread_gets_its_turn(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster, pool_max=2) as here:
        errors: list[Error] = []
        threads = [threading.Thread(target=_hold, args=(here, alias, errors)) for alias in ("default", "replica") * 6]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

    assert errors == []


def _hold(here: Site, alias: str, errors: list[Error]) -> None:
    try:
        here.value(f"SELECT 1 FROM pg_sleep({HOLD_SECONDS})", alias=alias)
    except Error as error:
        errors.append(error)
