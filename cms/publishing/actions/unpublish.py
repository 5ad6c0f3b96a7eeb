"""Withdraw documents from readers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content import tree, types
from cms.content.models import Document
from cms.delivery.models import Publication, Tombstone
from cms.publishing import events
from cms.publishing.actions.publish import check, lock_documents
from cms.publishing.models import Schedule
from reliability.outbox.actions import record


def unpublish(
    *,
    document_ids: Sequence[UUID],
    by: Actor,
    now: datetime,
    expected: Mapping[UUID, int] | None = None,
    with_descendants: bool = False,
) -> list[Document]:
    """Withdraw documents, and everything below them if wanted; returns what was withdrawn.

    What was scheduled for them is cancelled. Descendants that stay are still reachable.
    Raises PermissionMissing, VersionConflict, InTrash.
    """
    with transaction.atomic():
        ids = list(document_ids)
        if with_descendants:
            ids = list(dict.fromkeys([*ids, *(below for each in document_ids for below in tree.descendants(each))]))
        documents = [each for each in lock_documents(ids) if each.pk in document_ids or each.deleted_at is None]
        for document in documents:
            check(document, "publish", by=by, now=now, expected=expected)
        withdrawn = withdraw(documents, now=now)
        _audit(withdrawn, by=by, now=now)
        return withdrawn


def withdraw(documents: Sequence[Document], *, now: datetime) -> list[Document]:
    """Take away what readers see of documents whose rows are locked, without asking for rights; returns them."""
    rows = Publication.objects.filter(document_id__in=[each.pk for each in documents])
    latest: dict[UUID, Publication] = {}
    for row in rows.defer("data", "search", "search_text").order_by("version"):
        latest[row.document_id] = row
    withdrawn = [each for each in documents if each.pk in latest or each.is_published]
    if not withdrawn:
        return []
    for document in withdrawn:
        found = latest.get(document.pk)
        document.published_version = max(document.published_version, found.version if found else 0) + 1
        document.live_revision = None
    _bury(withdrawn, latest, now=now)
    rows.delete()
    Schedule.objects.filter(document__in=withdrawn, status="pending").update(status="cancelled", settled_at=now)
    Document.objects.bulk_update(withdrawn, ["live_revision", "published_version"])
    return withdrawn


def _bury(documents: Sequence[Document], latest: Mapping[UUID, Publication], *, now: datetime) -> None:
    """Say that the documents are gone, and leave tombstones for those who follow changes."""
    said = [
        (
            events.UNPUBLISHED,
            each.pk,
            events.described(
                each, version=each.published_version, path=latest[each.pk].url_path if each.pk in latest else None
            ),
        )
        for each in documents
    ]
    positions = record(said)
    keys = types.current().keys
    Tombstone.objects.filter(document_id__in=[each.pk for each in documents]).delete()
    Tombstone.objects.bulk_create(
        Tombstone(
            xid=position.xid,
            seq=position.seq,
            document_id=each.pk,
            translation_key=each.translation_group_id,
            site_id=each.site_id,
            locale_id=each.locale_id,
            type_key=keys[each.type_id],
            version=each.published_version,
            at=now,
        )
        for each, position in zip(documents, positions, strict=True)
    )


def _audit(documents: Sequence[Document], *, by: Actor, now: datetime) -> None:
    keys = types.current().keys
    audit.record(
        [
            audit.entry(
                "cms.document.unpublish",
                by=by,
                now=now,
                object_type=keys[each.type_id],
                object_id=each.pk,
                name=each.title,
            )
            for each in documents
        ]
    )
