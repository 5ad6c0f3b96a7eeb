"""Settle what was scheduled: the content has flipped by itself, now heads, old rows and events follow."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content import types
from cms.content.models import Document
from cms.delivery.models import Publication, Tombstone
from cms.publishing import events, windows
from cms.publishing.actions.publish import lock_documents, tell_siblings
from cms.publishing.actions.unpublish import withdraw
from cms.publishing.models import Schedule
from cms.publishing.published_tree import rewrite
from reliability.outbox.actions import record

BATCH = 50
ATTEMPTS_MAX = 20
LONGEST_PAUSE_MINUTES = 60
logger = logging.getLogger(__name__)


def settle_due(*, by: Actor, now: datetime) -> int:
    """Settle the schedules that are due, oldest first, at most 50; returns how many were settled.

    Two workers never take the same one (SKIP LOCKED), a bad one stops no other, and settling twice changes nothing.
    """
    settled = 0
    for pk in (
        Schedule.objects.filter(status="pending", next_attempt_at__lte=now)
        .order_by("run_at")
        .values_list("pk", flat=True)[:BATCH]
    ):
        try:
            settled += _settle_one(pk, by=by, now=now)
        except Exception as error:  # one bad item must not stop the rest; it is tried again, and shown
            logger.exception("schedule %s could not be settled", pk)
            _put_off(pk, error, now=now)
    return settled


def _settle_one(pk: UUID, *, by: Actor, now: datetime) -> bool:
    with transaction.atomic():
        found = Schedule.objects.filter(pk=pk).values_list("document_id", flat=True).first()
        if found is None:
            return False
        document = lock_documents([found])[0]
        row = (
            Schedule.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, status="pending", run_at__lte=now)
            .first()
        )
        if row is None:
            return False
        if row.action == Schedule.Action.PUBLISH:
            _settle_publish(document, row, now=now)
        else:
            _settle_unpublish(document, row, now=now)
        row.status, row.settled_at, row.last_error = Schedule.Status.DONE, now, ""
        row.save(update_fields=["status", "settled_at", "last_error"])
        audit.record(
            [
                audit.entry(
                    f"cms.document.{row.action}",
                    by=by,
                    now=now,
                    object_type=types.current().keys[document.type_id],
                    object_id=document.pk,
                    name=document.title,
                    after={"scheduled_for": row.run_at.isoformat()},
                )
            ]
        )
        return True


def _settle_publish(document: Document, row: Schedule, *, now: datetime) -> None:
    rows, siblings = windows.rows_of_group(document)
    live = next(
        (each for each in rows if each.revision_id == row.revision_id and each.visible_from == row.run_at), None
    )
    if live is None:
        return
    described = events.described(document, version=live.version, path=live.url_path)
    position = record([(events.PUBLISHED, document.pk, described)])[0]
    live.xid, live.seq = position
    live.save(update_fields=["xid", "seq"])
    Publication.objects.filter(document_id=document.pk, visible_until__lte=row.run_at).delete()
    Tombstone.objects.filter(document_id=document.pk).delete()
    if live.url_path is not None:
        rewrite(document, live.url_path, position=position, now=now)
    document.live_revision_id = row.revision_id
    document.published_version = max(document.published_version, live.version)
    document.published_at = row.run_at
    document.first_published_at = document.first_published_at or row.run_at
    document.save(update_fields=["live_revision", "published_version", "published_at", "first_published_at"])
    tell_siblings(document, siblings, position=position, now=now)


def _settle_unpublish(document: Document, row: Schedule, *, now: datetime) -> None:
    rows = windows.rows_of(document.pk)
    if windows.current(rows, now=now) is None and windows.upcoming(rows, now=now) is None:
        withdraw([document], now=now)
        return
    Publication.objects.filter(document_id=document.pk, visible_until__lte=now).delete()


def _put_off(pk: UUID, error: Exception, *, now: datetime) -> None:
    row = Schedule.objects.get(pk=pk)
    row.attempts += 1
    row.next_attempt_at = now + timedelta(minutes=min(2 ** (row.attempts - 1), LONGEST_PAUSE_MINUTES))
    row.last_error = f"{type(error).__name__}: {error}"[:2_000]
    if row.attempts >= ATTEMPTS_MAX:
        row.status = Schedule.Status.FAILED
    row.save(update_fields=["attempts", "next_attempt_at", "last_error", "status"])
