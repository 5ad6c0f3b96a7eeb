"""Which acknowledged writes did a failover lose? The last ones of this process are remembered until that is known."""

import threading
import time
from collections import deque
from dataclasses import dataclass

from reliability.routing.position import Position
from reliability.routing.session import RequestState

REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Write:
    """A write that was acknowledged."""

    position: Position
    written_at: float
    """Seconds since 1970."""


_ring: deque[Write] = deque(maxlen=REMEMBERED)
_lock = threading.Lock()


def acknowledge(position: Position, state: RequestState | None) -> None:
    """Remember a write that was committed."""
    _ring.append(Write(position, time.time()))
