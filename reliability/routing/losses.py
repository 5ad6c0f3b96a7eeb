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
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from reliability.routing import metrics, snapshots
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


about: ContextVar[About] = ContextVar("routing_about", default=About())  # noqa: B039  # About is immutable
"""What the current request is; set by whoever knows."""


@dataclass(frozen=True, slots=True)
class Write:
    """A write that was acknowledged."""

    position: Position
    written_at: float
    """Seconds since 1970."""
    about: About = field(default_factory=About)


_ring: deque[Write] = deque(maxlen=REMEMBERED)
Report = Callable[[Sequence[Write]], None]


def acknowledge(position: Position) -> None:
    """Remember a write that was committed."""
    _ring.append(Write(position, time.time(), about.get()))


def forget() -> None:
    """Forget the writes of this process: in a child after a fork, which would report those of its parent."""
    _ring.clear()


def begin(report: Report) -> None:
    """Call `report` with the writes that a new epoch leaves behind, in a thread of its own, from now on."""
    snapshots.subscribe(_Listener(report))


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
    at = entry.get("timestamp")
    return Write(position, float(at) if isinstance(at, int | float) else 0.0, told)


class _Listener:
    """Waits for new epochs."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Listener) and other._report == self._report

    def __hash__(self) -> int:
        return hash(self._report)

    def __call__(self, before: Snapshot, after: Snapshot) -> None:
        """Look whether the epoch is another one. Runs in the prober's thread, which must not wait."""
        if after.epoch is None or before.epoch is None or after.epoch.epoch_id == before.epoch.epoch_id:
            return
        metrics.epoch_changes.inc()
        lost, others = split(list(_ring), after.epochs)
        _ring.clear()
        _ring.extend(others)
        if lost:
            logger.error("%d acknowledged writes may be lost by the failover to %s", len(lost), after.epoch.node)
            threading.Thread(target=self._report, args=(lost,), name="routing-losses", daemon=True).start()


os.register_at_fork(after_in_child=forget)
