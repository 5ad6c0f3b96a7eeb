"""How full are the pools of this process? Shown with each snapshot of the prober, about twice a second."""

from collections import Counter

from reliability.routing import metrics
from reliability.routing.backend.pools import pools
from reliability.routing.topology import Snapshot

_shown: set[str] = set()
"""Pools that a gauge has shown: one that is closed shows 0, and not what it last held."""


def show(before: Snapshot, after: Snapshot) -> None:
    """Set the gauges of all pools. Runs in the prober's thread."""
    idle: Counter[str] = Counter(dict.fromkeys(_shown, 0))
    used: Counter[str] = Counter(idle)
    waiting: Counter[str] = Counter(idle)
    for pool in pools.all():
        name, sizes = f"{pool.recipe.node}/{pool.recipe.role}", pool.sizes()
        _shown.add(name)
        idle[name] += sizes.get("pool_available", 0)
        used[name] += sizes.get("pool_size", 0) - sizes.get("pool_available", 0)
        waiting[name] += sizes.get("requests_waiting", 0)
    for name in _shown:
        metrics.pool_connections.labels(name, "idle").set(idle[name])
        metrics.pool_connections.labels(name, "used").set(used[name])
        metrics.pool_pending.labels(name).set(waiting[name])
