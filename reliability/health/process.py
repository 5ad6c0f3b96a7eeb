"""What does this process know of itself? Its boot, its probes and its heartbeat, kept by threads in the background.

`start` is called when a process begins to serve or to work, and `ensure_started` by whoever needs an answer. Right
again after a fork.
"""

import atexit
import logging
import os
import signal
import threading
import time
from contextlib import suppress
from types import FrameType
from typing import Any

from reliability.health import configuration, files
from reliability.health.beats import SERVING, Beat
from reliability.health.boot import Boot
from reliability.health.checker import Checker
from reliability.health.verdicts import Picture

BEAT_SECONDS = 1.0
logger = logging.getLogger(__name__)


class Health:
    """The health of one process."""

    def __init__(self, role: str, *, parent: int = 0, only_lives: bool = False) -> None:
        self.role = role
        self.pid = os.getpid()
        self.is_draining = False
        self._parent = parent
        self._folder = configuration.state_dir()
        self._checker = Checker([] if only_lives else configuration.probes())
        self._boot = Boot([] if only_lives else configuration.startup())
        self._beat = self._current()
        self._cannot_write = False

    def start(self) -> None:
        """Begin the boot, the probes and the heartbeat."""
        self._boot.start()
        self._checker.start()
        threading.Thread(target=self._run, name="health", daemon=True).start()

    def picture(self) -> Picture:
        """Give what this process knows, for an answer. It waits for nothing."""
        shared = tuple(each for each in self._checker.standings() if each.scope == "shared")
        return Picture(
            now=time.monotonic(),
            beats=[self._beat],
            shared=shared,
            has_started=self._beat.is_started,
            is_draining=self.is_draining,
        )

    def beat(self) -> None:
        """Renew the heartbeat, and leave it where the ops process finds it."""
        self._beat = self._current()
        if self._folder is None:
            return
        try:
            files.leave(self._beat, self._folder)
            self._cannot_write = False
        except OSError as error:
            if not self._cannot_write:
                logger.error("the heartbeat cannot be written to %s (%s)", self._folder, error)
            self._cannot_write = True

    def end(self) -> None:
        """Take the heartbeat away; it is no lack when a process has ended on purpose."""
        self._checker.stop()
        if self._folder is not None:
            with suppress(OSError):
                files.remove(self.role, self.pid, self._folder)

    def _run(self) -> None:
        while True:
            self.beat()
            time.sleep(BEAT_SECONDS)

    def _current(self) -> Beat:
        standings = self._checker.standings()
        waits = self._boot.waits_for(standings)
        return Beat(
            role=self.role,
            pid=self.pid,
            at=time.monotonic(),
            parent=self._parent,
            is_started=not waits,
            is_draining=self.is_draining,
            waits_for=waits,
            standings=tuple(each for each in standings if each.scope == "local"),
        )


_health: Health | None = None
_lock = threading.Lock()


def start(role: str = SERVING, *, parent: int = 0, only_lives: bool = False) -> Health:
    """Start the health of this process in its role, unless it has one; `parent` belongs to it (see `Beat`).

    `only_lives`: nothing but its heartbeat, for a process that does no work itself, and from which others are forked.
    """
    global _health
    with _lock:
        if _health is None or _health.pid != os.getpid():
            _health = Health(role, parent=parent, only_lives=only_lives)
            _health.start()
            atexit.register(_health.end)
        return _health


def ensure_started() -> Health:
    """Give the health of this process, started as one that serves if nobody has said otherwise; cheap."""
    health = _health
    return health if health is not None and health.pid == os.getpid() else start()


def drain() -> None:
    """Note that this process was told to end. It takes no lock: signals interrupt whoever holds one."""
    if _health is not None:
        _health.is_draining = True


def drain_on_term() -> None:
    """Note SIGTERM, and pass it on to who handled it before. Call it from the main thread."""
    before: Any = signal.getsignal(signal.SIGTERM)

    def handle(number: int, frame: FrameType | None) -> None:
        drain()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, handle)


def _after_fork() -> None:
    """Forget the parent's health in a child: its threads are not here, and its lock may be held for ever."""
    global _health, _lock
    _health, _lock = None, threading.Lock()


os.register_at_fork(after_in_child=_after_fork)
