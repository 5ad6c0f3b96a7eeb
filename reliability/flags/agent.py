"""What does a process know, and is it current? Snapshot and kills, read from the database or else from files.

A version that is known already with another token, or one that goes down for long, is a change that a failover lost:
then all is read anew.
"""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from django.db import DatabaseError, InterfaceError

from reliability.flags import collector, kill, lastgood, metrics, queries
from reliability.flags.configuration import constants, option, state_dir
from reliability.flags.snapshot import Holder, Snapshot

REWIND_SECONDS = 60.0
"""A lower version for longer than any lag that routing allows is no lag."""
STALE_POLLS = 3
logger = logging.getLogger(__name__)


class Agent:
    """Keeps one process's snapshot and kills up to date."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.holder = Holder(Snapshot(constants=constants()))
        self.watch = _watch()
        self.boot_source = ""
        self._monotonic = monotonic
        self._current_at: float | None = None
        self._lower_since: float | None = None

    @property
    def age_seconds(self) -> float:
        """Seconds since the flags were last known to be current; infinite when they never were."""
        return float("inf") if self._current_at is None else self._monotonic() - self._current_at

    @property
    def is_stale(self) -> bool:
        return self.age_seconds > STALE_POLLS * float(option("POLL_SECONDS"))

    def boot(self) -> str:
        """Learn what is known: kills first, then the database, else the newest file, else nothing; says which."""
        self.watch.look()
        source = "database"
        try:
            self.poll()
        except (DatabaseError, InterfaceError) as error:
            logger.warning("flags cannot be read from the database (%s)", type(error).__name__)
            source = self._boot_from_files()
        self.boot_source = source
        metrics.BOOT_SOURCE.labels(source).set(1)
        return source

    def poll(self) -> bool:
        """Read what changed; tells whether anything did. Raises DatabaseError, InterfaceError."""
        found = queries.set_version()
        base = self._base_of(found)
        if base is None:
            return False
        with collector.paused():
            rows = list(queries.rows_after(base.version))
            fresh = base.changed(rows, version=found.version, token=found.token)
            del base  # The holder alone has the former flags now, and lets go of them.
            self._swap(fresh)
            collector.leave_out(len(rows))
        return True

    def save(self) -> None:
        """Write the last-known-good file, if there is a folder for it."""
        folder, current = state_dir(), self.holder.current
        if folder is None or not current.version:
            return
        try:
            rows = [entry.row for entry in current.entries.values()]
            lastgood.write(folder / lastgood.FILE, rows, version=current.version, token=current.token)
        except OSError as error:
            logger.warning("the last known flags cannot be written (%s)", error.strerror)

    def _base_of(self, found: queries.SetVersion) -> Snapshot | None:
        """Give the snapshot that the next one is made from; None: there is nothing to change."""
        current = self.holder.current
        if found.version == current.version and found.token == current.token:
            self._is_current()
            return None
        if found.version < current.version and not self._is_rewound(found.version):
            return None
        if found.version > current.version or not current.version:
            return current
        metrics.REWINDS.inc()
        logger.warning("a failover lost changes of flags: version %s became %s", current.version, found.version)
        return Snapshot(constants=constants())

    def _boot_from_files(self) -> str:
        folder, bootstrap = state_dir(), option("BOOTSTRAP")
        files = [*([folder / lastgood.FILE] if folder else []), *([Path(bootstrap)] if bootstrap else [])]
        found = lastgood.newest(files)
        if found is None:
            return "code"
        file, known = found
        fresh = Snapshot(constants=constants())
        self.holder.replace(fresh.changed(known.rows, version=known.version, token=known.token))
        return "image" if file == Path(bootstrap or ".") else "file"

    def _swap(self, snapshot: Snapshot) -> None:
        self.holder.replace(snapshot)
        self._is_current()
        metrics.SNAPSHOT_VERSION.set(snapshot.version)
        metrics.QUARANTINED.set(len(snapshot.quarantined))
        killed = sum(entry.is_killed(time.time()) for entry in snapshot.entries.values())
        metrics.KILLS_ACTIVE.labels("database").set(killed)

    def _is_current(self) -> None:
        self._current_at, self._lower_since = self._monotonic(), None

    def _is_rewound(self, version: int) -> bool:
        """Tell whether a lower version has stood for too long to be the lag of a replica."""
        now = self._monotonic()
        if self._lower_since is None:
            self._lower_since = now
        return now - self._lower_since > REWIND_SECONDS


def _watch() -> kill.Watch:
    folder, watched = state_dir(), option("KILL_WATCH")
    files = [*([folder / kill.FILE] if folder else []), *([Path(watched)] if watched else [])]
    return kill.Watch(files, option("KILL"))
