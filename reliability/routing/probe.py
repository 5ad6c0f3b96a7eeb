"""Can this process read, and can it write? Two objects for HEALTH_PROBES; they look at the snapshot and cost nothing.

Both are `shared`: a database that all processes lost is no reason to take this one out of service.
"""

import time

from django.conf import settings
from django.db import connections

from reliability.routing import current, prober
from reliability.routing.decision import PRIMARY, REPLICA
from reliability.routing.mode import Mode
from reliability.routing.topology import Snapshot
from reliability.telemetry.probe import Effect, Probe, Result, Scope, Status

STALE_SECONDS = 10.0
"""Age of a snapshot from which its answer is no longer trusted."""


class RoutingProbe(Probe):
    """What both have in common."""

    scope: Scope = "shared"
    interval = 0.5

    def snapshot(self) -> Snapshot:
        """Give what the prober of this process found; the first look starts it, where there are nodes to look at."""
        if REPLICA in settings.DATABASES:
            prober.ensure_started(database=connections[PRIMARY].settings_dict["NAME"])
        return current.snapshot()


class Reads(RoutingProbe):
    """Fails when no node can be read; warns when only the primary can, though there are standbys."""

    name = "reads"
    affects: tuple[Effect, ...] = ("startup", "region")

    def __call__(self) -> Result:
        snapshot = self.snapshot()
        readable = len(snapshot.readable)
        return Result(self._status(snapshot), float(readable), "nodes")

    def _status(self, snapshot: Snapshot) -> Status:
        if not snapshot.readable:
            return "fail"
        limit = current.limits_in_force(snapshot).seconds
        standbys = [node for node in snapshot.nodes if node.name != snapshot.primary]
        are_all_bad = all(not node.is_readable or node.staleness_seconds > limit for node in standbys)
        if (standbys and snapshot.primary and are_all_bad) or _is_stale(snapshot):
            return "warn"
        return "pass"


class Writes(RoutingProbe):
    """Fails while writes are refused; warns while they wait."""

    name = "writes"
    affects: tuple[Effect, ...] = ("writes",)

    def __call__(self) -> Result:
        snapshot = self.snapshot()
        return Result(self._status(snapshot), snapshot.write_share, "share of writes")

    def _status(self, snapshot: Snapshot) -> Status:
        if snapshot.mode is Mode.READ_ONLY:
            return "fail"
        return "pass" if snapshot.mode is Mode.NORMAL and not _is_stale(snapshot) else "warn"


def _is_stale(snapshot: Snapshot) -> bool:
    return snapshot.age_seconds(time.monotonic()) > STALE_SECONDS


reads = Reads()
writes = Writes()
