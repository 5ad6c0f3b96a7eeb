"""Publish or unpublish later. The result is written now, with its window; no worker is needed for it to happen."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content import types
from cms.content.models import Document
from cms.publishing import windows
from cms.publishing.actions.publish import check, lock_documents, snapshot_of
from cms.publishing.errors import NotReady, ScheduleRefused
from cms.publishing.models import Schedule
from cms.publishing.preflight import Finding
from cms.publishing.published_tree import claim
from cms.publishing.queries import findings, path_of, pending
from cms.publishing.writing import write_publication
from reliability.outbox.event import START

FARTHEST = timedelta(days=365 * 10)


def schedule(
    *,
    document_id: UUID,
    action: str,
    run_at: datetime,
    by: Actor,
    now: datetime,
    time_zone: str = "UTC",
    expected: int | None = None,
    must_be_ready: bool = True,
) -> list[Finding]:
    """Schedule the head revision to be published, or the document to be unpublished, at `run_at`.

    An earlier schedule of the same action is replaced. The revision is frozen: later edits are not included.
    Returns the warnings of pre-flight. Raises ScheduleRefused, NotReady, PermissionMissing, VersionConflict, PathTaken.
    """
    _check_time(run_at, now)
    with transaction.atomic():
        document = lock_documents([document_id])[0]
        check(document, "publish", by=by, now=now, expected={document_id: expected} if expected is not None else None)
        found = findings([document], now=now) if action == Schedule.Action.PUBLISH else []
        if must_be_ready and any(finding.blocks for finding in found):
            raise NotReady(found)
        _cancel(document, action, now=now)
        row = Schedule.objects.create(
            document=document,
            action=action,
            revision=document.head_revision if action == Schedule.Action.PUBLISH else None,
            run_at=run_at,
            time_zone=time_zone,
            next_attempt_at=run_at,
            created_at=now,
            created_by_id=by.id,
        )
        if action == Schedule.Action.PUBLISH:
            _write_upcoming(document, run_at, now=now)
        elif not document.is_published and "publish" not in pending(document.pk):
            raise ScheduleRefused(
                _("Nothing of this document is published or scheduled, so there is nothing to withdraw.")
            )
        windows.fit(windows.rows_of(document.pk), pending(document.pk), now=now)
        _audit("cms.document.schedule", document, row, by=by, now=now)
        return found


def cancel_schedule(*, document_id: UUID, action: str, by: Actor, now: datetime) -> bool:
    """Cancel what is scheduled for a document; False when nothing was. Raises PermissionMissing."""
    with transaction.atomic():
        document = lock_documents([document_id])[0]
        check(document, "publish", by=by, now=now, expected=None)
        row = _cancel(document, action, now=now)
        if row is None:
            return False
        windows.fit(windows.rows_of(document.pk), pending(document.pk), now=now)
        _audit("cms.document.cancel_schedule", document, row, by=by, now=now)
        return True


def _check_time(run_at: datetime, now: datetime) -> None:
    if run_at.tzinfo is None:
        raise ScheduleRefused(_("A time needs a zone."))
    if run_at <= now:
        raise ScheduleRefused(_("This time has passed. Choose a later one, or publish now."))
    if run_at > now + FARTHEST:
        raise ScheduleRefused(_("Choose a time within the next ten years."))


def _cancel(document: Document, action: str, *, now: datetime) -> Schedule | None:
    """Take back a pending schedule, and the row that it had written."""
    row = pending(document.pk).get(action)
    if row is None:
        return None
    row.status, row.settled_at = Schedule.Status.CANCELLED, now
    row.save(update_fields=["status", "settled_at"])
    if action == Schedule.Action.PUBLISH:
        coming = windows.upcoming(windows.rows_of(document.pk), now=now)
        if coming is not None:
            coming.delete()
    return row


def _write_upcoming(document: Document, run_at: datetime, *, now: datetime) -> None:
    rows = windows.rows_of(document.pk)
    path = path_of(document, now=now)
    revision = document.head_revision
    if revision is None:
        raise Document.DoesNotExist(_("The document has no revision to publish."))
    write_publication(
        None,
        document,
        revision,
        snapshot_of(document),
        path=path,
        version=max([document.published_version, *[row.version for row in rows]]) + 1,
        visible_from=run_at,
        now=now,
        position=START,
    )
    if path is not None:
        claim(document, path, valid_from=run_at)


def _audit(action: str, document: Document, row: Schedule, *, by: Actor, now: datetime) -> None:
    audit.record(
        [
            audit.entry(
                action,
                by=by,
                now=now,
                object_type=types.current().keys[document.type_id],
                object_id=document.pk,
                name=document.title,
                after={"action": row.action, "run_at": row.run_at.isoformat()},
            )
        ]
    )
