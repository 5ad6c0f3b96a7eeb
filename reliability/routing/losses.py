"""Which acknowledged writes did a failover lose? The last ones of this process are remembered until that is known.

The verdict is conservative: the position after a commit may include the log of others, so a write that lies just above
the fork "may be lost". Processes that died too leave the field `commit_position` in the access log.
"""

import json
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reliability.routing import current, metrics, session, snapshots
from reliability.routing.epoch import EpochRecord, Fate, fate
from reliability.routing.position import Position
from reliability.routing.topology import Snapshot

REMEMBERED = 10_000
"""Writes; an hour of three a second."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class About:
    """What a request is, for the people who must be told that its write is gone."""

    request_id: str = ""
    user: str = ""
    route: str = ""
    path: str = ""
    """Where it was sent, for a link."""


NOBODY = About()


@dataclass(frozen=True, slots=True)
class Write:
    """A write that was acknowledged."""

    position: Position
    written_at: float
    """Seconds since 1970."""
    about: About = field(default_factory=About)


_ring: deque[Write] = deque(maxlen=REMEMBERED)
_lock = threading.Lock()
Report = Callable[[Sequence[Write]], None]
_report: Report | None = None


def acknowledge(position: Position) -> None:
    """Remember a write that was committed, with what its request tells of itself."""
    state = session.current()
    about = state.about() if state is not None and state.about is not None else NOBODY
    with _lock:
        _ring.append(Write(position, time.time(), about))
    snapshot = current.snapshot()
    if snapshot.epoch is not None and position.timeline < snapshot.epoch.timeline:
        _tell_lost(snapshot)  # Its primary was replaced while it confirmed this.


def forget() -> None:
    """Forget the writes of this process: in a child after a fork, which would report those of its parent."""
    global _lock
    _lock = threading.Lock()  # The fork may have left the former one held.
    _ring.clear()


def begin(report: Report) -> None:
    """Call `report` with the writes that a new epoch leaves behind, in a thread of its own, from now on."""
    global _report
    _report = report
    snapshots.subscribe(_look)


def split(writes: Iterable[Write], epochs: Sequence[EpochRecord]) -> tuple[list[Write], list[Write]]:
    """Part the writes that are lost from those that survived, or whose fate is unknown yet. Pure."""
    lost: list[Write] = []
    others: list[Write] = []
    for write in writes:
        (lost if fate(write.position, epochs) is Fate.LOST else others).append(write)
    return lost, others


def format_position(position: Position) -> str:
    """Write a position for the access log: `2-a3f2.3000148`, timeline, epoch, and LSN in hexadecimal."""
    return f"{position.timeline}-{position.epoch}.{position.lsn:x}"


def read_log(lines: Iterable[str]) -> Iterator[Write]:
    """Read the acknowledged writes of an access log of JSON lines; lines without `commit_position` are passed over."""
    for line in lines:
        write = _read_line(line)
        if write is not None:
            yield write


def _read_line(line: str) -> Write | None:
    try:
        entry: dict[str, Any] = json.loads(line)
        text = entry["commit_position"]
        timeline, _, rest = text.partition("-")
        epoch, _, lsn = rest.partition(".")
        position = Position(int(timeline), int(lsn, 16), epoch)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    told = About(*(str(entry.get(name) or "") for name in ("request_id", "user", "route")))
    return Write(position, _seconds(entry.get("time")), told)


def _seconds(time_of_line: Any) -> float:
    """Read the moment of a line, in seconds since 1970; 0: it has none."""
    try:
        return datetime.fromisoformat(time_of_line).timestamp()
    except (TypeError, ValueError):
        return 0.0


def _look(before: Snapshot, after: Snapshot) -> None:
    """Look whether the epoch is another one. Runs in the prober's thread, which must not wait."""
    if after.epoch is None or before.epoch is None or after.epoch.epoch_id == before.epoch.epoch_id:
        return
    metrics.epoch_changes.inc()
    _tell_lost(after)


def _tell_lost(snapshot: Snapshot) -> None:
    """Take the writes that are lost out of memory, and have them reported."""
    with _lock:
        lost, others = split(_ring, snapshot.epochs)
        _ring.clear()
        _ring.extend(others)
    if lost and _report is not None:
        node = snapshot.epoch.node if snapshot.epoch else "?"
        logger.error("%d acknowledged writes may be lost by the failover to %s", len(lost), node)
        threading.Thread(target=_report, args=(lost,), name="routing-losses", daemon=True).start()


os.register_at_fork(after_in_child=forget)
