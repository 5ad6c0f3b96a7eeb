"""Reads from the log, in commit order."""

from datetime import datetime
from typing import Any

from django.db import connections, router

from reliability.outbox.event import START, OutboxEvent, Position
from reliability.outbox.models import Event

BATCH = 500
SETTLED = "xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
"""On PostgreSQL only transactions older than every running one are read: a number taken early may commit late."""


def settled_after(position: Position, *, limit: int = BATCH) -> list[OutboxEvent]:
    """Read the next events after `position`, oldest first; none that an open transaction may still precede."""
    rows = Event.objects.extra(where=[_after(), *_settled()], params=[*position]).order_by("xid", "seq")[:limit]
    return [OutboxEvent(Position(row.xid, row.seq), row.kind, row.subject, row.data, row.created_at) for row in rows]


def last_position() -> Position:
    """Give the position of the newest settled event; the start of the log when it is empty."""
    row: tuple[Any, ...] | None = (
        Event.objects.extra(where=_settled()).order_by("-xid", "-seq").values_list("xid", "seq").first()
    )
    return Position(*row) if row else START


def held_back_since() -> datetime | None:
    """Tell when the oldest event was written that is there but not settled; None: there is none."""
    if not _settled():
        return None
    written: datetime | None = (
        Event.objects.extra(where=[f"NOT ({SETTLED})"])
        .order_by("xid", "seq")
        .values_list("created_at", flat=True)
        .first()
    )
    return written


def _after() -> str:
    return "(xid, seq) > (%s, %s)"


def _settled() -> list[str]:
    vendor = connections[router.db_for_read(Event)].vendor
    return [SETTLED] if vendor == "postgresql" else []
