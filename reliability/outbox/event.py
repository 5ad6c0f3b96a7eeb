"""What is an event, and where in the log does it stand? Pure values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple


class Position(NamedTuple):
    """A place in the log: transaction id, then sequence number. Compared in this order."""

    xid: int
    seq: int


START = Position(0, 0)
STARTED = "outbox.started"
"""Kind of the event with which a process begins: what was read before it may be old."""


@dataclass(frozen=True)
class OutboxEvent:
    """Something that happened, as consumers receive it."""

    position: Position
    kind: str
    """Dotted name, such as `cms.document.published`."""
    subject: str
    """Id of what it happened to."""
    data: dict[str, Any]
    at: datetime
