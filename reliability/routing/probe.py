"""Can this process read, and can it write? Two objects for HEALTH_PROBES; they look at the snapshot and cost nothing.

Both are `shared`: a database that all processes lost is no reason to take this one out of service.
"""

import time
from dataclasses import dataclass
from typing import Literal

from reliability.routing import current
from reliability.routing.mode import Mode
from reliability.routing.topology import Snapshot

Status = Literal["pass", "warn", "fail"]
STALE_SECONDS = 10.0
"""Age of a snapshot from which its answer is no longer trusted."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a probe found, with one number that shows it."""

    status: Status
    value: float
    unit: str


class Probe:
    """What the health checker needs to know of a probe."""

    name: str
    scope = "shared"
    interval = 0.5
    timeout = 1.0
    fail_after = 3
    pass_after = 2
    affects: tuple[str, ...] = ()


class Reads(Probe):
    """Fails when no node can be read; warns when only the primary can, though there are standbys."""

    name = "reads"

    def __call__(self) -> Result:
        snapshot = current.snapshot()
        readable = len(snapshot.readable)
        return Result(self._status(snapshot), float(readable), "nodes")

    def _status(self, snapshot: Snapshot) -> Status:
        if not snapshot.readable:
            return "fail"
        limit = current.options().lag_hard_seconds
        standbys = [node for node in snapshot.nodes if node.name != snapshot.primary]
        are_all_bad = all(not node.is_readable or node.staleness_seconds > limit for node in standbys)
        if (standbys and snapshot.primary and are_all_bad) or _is_stale(snapshot):
            return "warn"
        return "pass"


class Writes(Probe):
    """Fails while writes are refused; warns while they wait."""

    name = "writes"

    def __call__(self) -> Result:
        snapshot = current.snapshot()
        return Result(self._status(snapshot), snapshot.write_share, "share of writes")

    def _status(self, snapshot: Snapshot) -> Status:
        if snapshot.mode is Mode.READ_ONLY:
            return "fail"
        return "pass" if snapshot.mode is Mode.NORMAL and not _is_stale(snapshot) else "warn"


def _is_stale(snapshot: Snapshot) -> bool:
    return snapshot.age_seconds(time.monotonic()) > STALE_SECONDS


reads = Reads()
writes = Writes()
