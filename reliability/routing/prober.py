"""Who looks after the nodes? One daemon thread in each process, with one event loop and one connection for each node.

It starts on first use, again after a fork, and again when the process turns to another database (as tests do).
"""

import asyncio
import atexit
import logging
import os
import threading
import time
from collections.abc import Sequence

from reliability.routing import gauges, snapshots
from reliability.routing.assessment import Assessor
from reliability.routing.current import options
from reliability.routing.options import Options
from reliability.routing.topology import Snapshot
from reliability.routing.watcher import Watcher

STOP_SECONDS = 2.0
logger = logging.getLogger(__name__)


class Prober:
    """Watches the nodes of one cluster for one database."""

    def __init__(self, options: Options, *, database: str) -> None:
        self.database = database
        self._options = options
        self._began = time.monotonic()
        self._assessor = Assessor(options, now=self._began)
        self._watchers: Sequence[Watcher] = ()
        self._epoch_id = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._thread = threading.Thread(target=self._run, name="routing-prober", daemon=True)

    def start(self) -> None:
        """Begin to watch, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread and its connections; waits for it, but not for ever."""
        self._is_stopped = True
        if self._loop is not None and self._task is not None:
            try:
                self._loop.call_soon_threadsafe(self._task.cancel)
            except RuntimeError:  # The loop is closed: it has ended by itself.
                return
        self._thread.join(STOP_SECONDS)

    def look_now(self, node: str | None) -> None:
        """Probe a node, or all, without waiting for the interval. From any thread."""
        loop = self._loop
        if loop is None:
            return
        try:
            loop.call_soon_threadsafe(self._wake, node)
        except RuntimeError:  # It ends just now.
            return

    def _run(self) -> None:
        try:
            asyncio.run(self._watch())
        except asyncio.CancelledError:
            return
        except (
            Exception
        ):  # the thread must not end in silence: what it knows gets old, and each connection checks itself
            logger.exception("the prober has ended by a fault; it starts again with the next connection")
            self.database = ""

    async def _watch(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if self._is_stopped:
            return
        self._watchers = [
            Watcher(address, options=self._options, database=self.database, tell=self._assess)
            for address in self._options.nodes
        ]
        async with asyncio.TaskGroup() as group:
            for watcher in self._watchers:
                group.create_task(watcher.run())

    def _wake(self, node: str | None) -> None:
        for watcher in self._watchers:
            if node in (None, watcher.address.name):
                watcher.look_now()

    def _assess(self) -> None:
        """Judge what is known now, publish it, and hand out what follows for the nodes."""
        now = time.monotonic()
        assessment = self._assessor.assess({each.address.name: each.sighting for each in self._watchers}, now=now)
        snapshot, record = assessment.snapshot, assessment.to_record
        for watcher in self._watchers:
            watcher.wants_beat = watcher.address.name == snapshot.primary
            if snapshot.primary is None or snapshot.by_name[watcher.address.name].is_fenced:
                watcher.is_in_doubt = True  # Its name may lead elsewhere by now.
            if record is not None and record.node == watcher.address.name:
                watcher.to_record = record
                watcher.look_now()
        self._follow(snapshot)
        if self._is_worth_telling():
            snapshots.publish(snapshot)
            gauges.show(snapshot)

    def _follow(self, snapshot: Snapshot) -> None:
        """Have all nodes probed when a promotion shows: a standby may tell of it before the new primary is asked."""
        epoch_id = snapshot.epoch.epoch_id if snapshot.epoch is not None else ""
        if epoch_id != self._epoch_id:
            self._epoch_id = epoch_id
            self._wake(None)

    def _is_worth_telling(self) -> bool:
        """Not before every node was asked, or a primary is found and the others had their time: with the first answer
        alone, the first readers of a process would all go to a node that is far away.
        """
        if snapshots.has_begun() or all(watcher.was_asked for watcher in self._watchers):
            return True
        had_time = time.monotonic() - self._began > self._options.probe_deadline_seconds
        return had_time and any(watcher.wants_beat for watcher in self._watchers)


_lock = threading.Lock()
_prober: Prober | None = None


def ensure_started(*, database: str) -> None:
    """Start the prober of this process unless it runs for this database; cheap when it does."""
    if _prober is not None and _prober.database == database:
        return
    _start(database)


def look_now(node: str | None = None) -> None:
    """Have a node (None: all) probed at once, for something is wrong with it. Nothing happens without a prober."""
    if _prober is not None:
        _prober.look_now(node)


def stop() -> None:
    """End the prober of this process and forget what it found; it starts again on next use."""
    global _prober
    with _lock:
        prober, _prober = _prober, None
        if prober is not None:
            prober.stop()
            snapshots.forget()


def _start(database: str) -> None:
    global _prober
    with _lock:
        if _prober is not None and _prober.database == database:
            return
        if _prober is not None:
            _prober.stop()
        snapshots.forget()
        _prober = Prober(options(), database=database)
        _prober.start()


def _abandon() -> None:
    """Forget the parent's prober in a child after a fork: the thread does not exist here."""
    global _prober, _lock
    if _prober is not None:
        _abandoned.append(_prober)
    _prober, _lock = None, threading.Lock()
    snapshots.forget()


_abandoned: list[Prober] = []
"""Kept referenced: their connections are the parent's, and nothing of theirs may be closed here."""
atexit.register(stop)
os.register_at_fork(after_in_child=_abandon)
