"""May this write begin now? It goes, waits a little for a new primary, or is refused at once.

Only a share of the threads may wait: the others serve readers, who need no primary.
"""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from reliability.limits.deadline import shortest
from reliability.routing import current, metrics, snapshots
from reliability.routing.current import options
from reliability.routing.mode import Mode
from reliability.routing.topology import Snapshot

LOOK_SECONDS = 0.05
"""How often a write that waits looks again while a recovery lets in more and more."""


class Refusal(StrEnum):
    """Why a write was refused; the value is the label of the metric."""

    READ_ONLY = "read_only"
    HELD_TOO_LONG = "held_too_long"
    TOO_MANY_HELD = "too_many_held"


class Gate:
    """Holds the writes of one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held = 0

    @property
    def held(self) -> int:
        return self._held

    def enter(self, *, route: str = "") -> Refusal | None:
        """Wait as long as a write may wait; None: it may go."""
        snapshot = current.snapshot()
        if snapshot.mode is Mode.NORMAL:
            return None
        if snapshot.mode is Mode.READ_ONLY:
            return Refusal.READ_ONLY
        with self._place() as is_free:
            if not is_free:
                return Refusal.TOO_MANY_HELD
            metrics.writes_held.labels(snapshot.mode_reason, route).inc()
            return self._wait()

    def _wait(self) -> Refusal | None:
        deadline = time.monotonic() + shortest(options().write_hold_seconds)
        snapshot = current.snapshot()
        while not (_may_go(snapshot) or self._is_alone(snapshot)):
            if snapshot.mode is Mode.READ_ONLY:
                return Refusal.READ_ONLY
            left = deadline - time.monotonic()
            if left <= 0:
                return Refusal.HELD_TOO_LONG
            snapshot = snapshots.wait_until(_is_open, seconds=min(left, LOOK_SECONDS))
        return None

    def _is_alone(self, snapshot: Snapshot) -> bool:
        """Tell whether nobody else of this process waits for a primary that is there: no crowd needs to be spread."""
        return snapshot.mode is Mode.RECOVERING and self._held == 1

    @contextmanager
    def _place(self) -> Iterator[bool]:
        chosen = options()
        places = max(1, int(chosen.threads * chosen.write_hold_percent / 100)) if chosen.write_hold_percent else 0
        with self._lock:
            is_free = self._held < places
            self._held += is_free
        try:
            yield is_free
        finally:
            with self._lock:
                self._held -= is_free


def _may_go(snapshot: Snapshot) -> bool:
    return snapshot.mode is Mode.NORMAL or random.random() < snapshot.write_share


def _is_open(snapshot: Snapshot) -> bool:
    return snapshot.mode in (Mode.NORMAL, Mode.READ_ONLY)


gate = Gate()
