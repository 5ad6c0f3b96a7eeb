"""Forget what need not be kept: old revisions, and what has been in the trash for long."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content.models import Document, Reference, Revision

BATCH = 500
YEAR = timedelta(days=365)


def prune_revisions(*, now: datetime, days: int) -> int:
    """Delete up to 500 revisions that retention does not ask for; returns how many were deleted.

    Kept are: everything for `days`, then the last of each day for a year; and always the first, the live, the head,
    labelled and scheduled ones. Autosaved rows go after `days`.
    """
    protected = Document.objects.filter(Q(head_revision=OuterRef("pk")) | Q(live_revision=OuterRef("pk")))
    later_that_day = Revision.objects.filter(
        document=OuterRef("document"),
        kind="saved",
        number__gt=OuterRef("number"),
        created_at__date=OuterRef("day"),
    )
    old = Revision.objects.annotate(day=TruncDate("created_at")).filter(created_at__lt=now - timedelta(days=days))
    old = old.filter(label="").exclude(number=1, kind="saved")
    old = old.filter(~Exists(protected), schedules__isnull=True)
    old = old.filter(Q(kind="autosave") | Q(created_at__lt=now - YEAR) | Exists(later_that_day))
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:BATCH])
    return Revision.objects.filter(pk__in=ids).delete()[0] if ids else 0


def empty_trash(*, now: datetime, days: int, by: Actor) -> int:
    """Delete for ever up to 500 documents that have been in the trash for `days`; returns how many.

    Children go before their parents; a page whose child was restored stays.
    """
    with transaction.atomic():
        due = Document.objects.filter(deleted_at__lt=now - timedelta(days=days))
        children = Document.objects.filter(parent=OuterRef("pk"))
        rows = list(due.filter(~Exists(children)).order_by("deleted_at").select_related("type")[:BATCH])
        ids = [row.pk for row in rows]
        Document.objects.filter(pk__in=ids).update(head_revision=None, live_revision=None)
        Reference.objects.filter(from_document__in=ids).delete()
        Document.objects.filter(pk__in=ids).delete()
        audit.record(
            [
                audit.entry(
                    "cms.document.delete", by=by, now=now, object_type=row.type.key, object_id=row.pk, name=row.title
                )
                for row in rows
            ]
        )
        return len(rows)
