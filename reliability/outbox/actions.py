"""Writes to the log."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from reliability.outbox.event import Position
from reliability.outbox.models import Event

KEEP = timedelta(days=7)
BATCH = 5_000


def record(events: Iterable[tuple[str, object, dict[str, Any]]]) -> list[Position]:
    """Append (kind, subject, data) events with one statement; belongs inside the transaction that makes them true.

    Returns their positions in the same order.
    """
    rows = Event.objects.bulk_create(
        Event(kind=kind, subject=str(subject), data=data) for kind, subject, data in events
    )
    return [Position(row.xid, row.seq) for row in rows]


def prune(*, now: datetime) -> int:
    """Delete events older than seven days, at most 5,000 of them; returns how many."""
    oldest = Event.objects.filter(created_at__lt=now - KEEP).order_by("created_at").values("pk")[:BATCH]
    return Event.objects.filter(pk__in=list(oldest.values_list("pk", flat=True))).delete()[0]
