"""Who hears of an event? One thread in each process reads the log and calls the consumers.

Consumers are named in the setting OUTBOX_CONSUMERS: callables that take a list of events. They run in every process and
must be idempotent: an event is delivered again after a failure. A process begins at the end of the log; the first thing
its consumers get is one event of kind `outbox.started`, upon which they drop what they had read before.
"""

import logging
import os
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django.utils.module_loading import import_string

from reliability.outbox import metrics
from reliability.outbox.event import STARTED, OutboxEvent, Position
from reliability.outbox.queries import held_back_since, last_position, settled_after

INTERVAL_SECONDS = 0.25
HORIZON_SECONDS = 5.0
"""Pause between two looks at what an open transaction holds back."""
PAUSE_MAX_SECONDS = 5.0
"""Longest pause after failures; each failure doubles the pause, with jitter."""

Consumer = Callable[[Sequence[OutboxEvent]], None]
logger = logging.getLogger(__name__)


@dataclass
class Cursor:
    """A consumer and how far it has read."""

    name: str
    consume: Consumer
    position: Position


class Runner:
    """Delivers events to the consumers of this process."""

    def __init__(self, consumers: dict[str, Consumer]) -> None:
        self._consumers = consumers
        self._cursors: list[Cursor] = []
        self._horizon_at = 0.0

    def step(self) -> int:
        """Deliver what is new, one batch for each consumer; returns the number of deliveries.

        A consumer that fails keeps its position, so that it gets the same events again.
        """
        if not self._cursors:
            self._begin()
        count = sum(self._deliver(cursor) for cursor in self._cursors)
        metrics.read_at.set(time.time())
        self._look_at_horizon()
        return count

    def _begin(self) -> None:
        """Begin at the end of the log, and say so: what a consumer read earlier may lack what came in between."""
        end = last_position()
        self._cursors = [Cursor(name, consume, end) for name, consume in self._consumers.items()]
        started = OutboxEvent(end, STARTED, "", {}, datetime.now(tz=UTC))
        for cursor in self._cursors:
            cursor.consume([started])

    def _deliver(self, cursor: Cursor) -> int:
        events = settled_after(cursor.position)
        if not events:
            _show_lag(cursor, [])
            return 0
        try:
            cursor.consume(events)
        except Exception:  # a consumer's fault must not stop the others
            logger.exception("outbox consumer %s failed; it will get the events again", cursor.name)
            metrics.failures.labels(cursor.name).inc()
            _show_lag(cursor, events)
            return 0
        cursor.position = events[-1].position
        metrics.delivered.labels(cursor.name).inc(len(events))
        _show_lag(cursor, [])
        return len(events)

    def _look_at_horizon(self) -> None:
        if time.monotonic() < self._horizon_at:
            return
        self._horizon_at = time.monotonic() + HORIZON_SECONDS
        since = held_back_since()
        metrics.horizon_age_seconds.set(_age_seconds(since) if since is not None else 0.0)


def _show_lag(cursor: Cursor, waiting: Sequence[OutboxEvent]) -> None:
    metrics.lag_events.labels(cursor.name).set(len(waiting))
    metrics.lag_seconds.labels(cursor.name).set(_age_seconds(waiting[0].at) if waiting else 0.0)


def _age_seconds(at: datetime) -> float:
    return max(0.0, (datetime.now(tz=UTC) - at).total_seconds())


_lock = threading.Lock()
_pid = 0
_read_at = time.monotonic()
"""When the log was last read to its end; at first when this process began, which had no time yet."""


def age_seconds() -> float:
    """Tell for how long this process has not heard of events."""
    return time.monotonic() - _read_at


def ensure_started() -> None:
    """Start the thread unless this process has it; cheap, and right again after a fork."""
    global _pid
    if _pid == os.getpid():
        return
    with _lock:
        if _pid != os.getpid():
            _pid = os.getpid()
            threading.Thread(target=_run, name="outbox", daemon=True).start()


def _run() -> None:
    global _read_at
    runner = Runner({name: import_string(name) for name in settings.OUTBOX_CONSUMERS})
    pause = INTERVAL_SECONDS
    wake = threading.Event()
    while True:
        try:
            runner.step()
            _read_at, pause = time.monotonic(), INTERVAL_SECONDS
        except (DatabaseError, InterfaceError) as error:
            pause = min(pause * 2, PAUSE_MAX_SECONDS)
            logger.warning("outbox cannot be read (%s); next look in about %.1f s", type(error).__name__, pause)
            connections.close_all()
        close_old_connections()
        wake.wait(pause * random.uniform(0.8, 1.2))
