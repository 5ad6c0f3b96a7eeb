"""The record of what was done; every action calls it inside its transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from cms.accounts.actor import Actor
from cms.accounts.models import AuditEntry

_waiting: ContextVar[list[AuditEntry] | None] = ContextVar("audit_entries", default=None)


def entry(
    action: str,
    *,
    by: Actor,
    now: datetime,
    object_type: str,
    object_id: object,
    name: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> AuditEntry:
    """Make an entry, not yet saved; `before` and `after` are small JSON objects of what changed."""
    return AuditEntry(
        at=now,
        actor_id=by.id,
        actor_name=by.name[:254],
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        object_name=name,
        before=before,
        after=after,
        request_id=by.request_id[:64],
        address=by.address,
    )


def record(entries: list[AuditEntry]) -> None:
    """Write the entries of one action with one statement; belongs inside its transaction."""
    waiting = _waiting.get()
    if waiting is None:
        AuditEntry.objects.bulk_create(entries)
    else:
        waiting += entries


@contextmanager
def together() -> Iterator[None]:
    """Write the entries of several actions, which share a transaction, with one statement at the end of the block.

    When the block raises, nothing is written: the transaction ends with it.
    """
    entries: list[AuditEntry] = []
    token = _waiting.set(entries)
    try:
        yield
    finally:
        _waiting.reset(token)
    AuditEntry.objects.bulk_create(entries)
