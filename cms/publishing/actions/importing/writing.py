"""How is one document of an export written? In one transaction with the note of where it came from."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.accounts import audit
from cms.content.actions import create_document, save_draft
from cms.content.draft import Draft
from cms.content.models import Document
from cms.delivery.models import Path
from cms.publishing.actions.importing.memory import Known, stored_key
from cms.publishing.actions.importing.target import Target
from cms.publishing.actions.move import move
from cms.publishing.actions.publish import publish
from cms.publishing.actions.publish_new import publish_new
from cms.publishing.actions.schedule import FARTHEST, schedule
from cms.publishing.models import ImportedItem
from cms.publishing.wordpress.planned import PlannedDocument

MAX_PATH = 2_000


def create(
    target: Target, planned: PlannedDocument, draft: Draft, *, parent_id: UUID | None, key: UUID, fingerprint: str
) -> Document:
    """Write a new document, make it public as it was, and remember it. Raises what these actions raise."""
    with transaction.atomic(), audit.together():
        document = create_document(
            site_id=target.site.id,
            locale_id=target.locale.id,
            type_key=planned.type_key,
            parent_id=parent_id,
            draft=draft,
            translation_key=key,
            by=target.by,
            now=target.now,
            published_at=_published_at(planned, now=target.now),
            has_savepoint=False,
        )
        _make_public(document, planned, target, is_new=True)
        ImportedItem.objects.create(
            site_id=target.site.id,
            source=target.source,
            source_key=stored_key(planned.source_key),
            document=document,
            version=document.version,
            fingerprint=fingerprint,
        )
    return document


def update(
    target: Target, planned: PlannedDocument, draft: Draft, known: Known, *, parent_id: UUID | None, fingerprint: str
) -> Document:
    """Bring a document up to the export, at its place too, and remember that. Raises what these actions raise."""
    with transaction.atomic():
        version = known.version
        if parent_id is not None and parent_id != known.parent_id:
            moved = move(
                document_id=known.document_id, base_version=version, parent_id=parent_id, by=target.by, now=target.now
            )
            version = moved.version
        document = save_draft(
            document_id=known.document_id, base_version=version, draft=draft, by=target.by, now=target.now
        )
        _make_public(document, planned, target, is_new=False)
        rows = ImportedItem.objects.filter(
            site_id=target.site.id, source=target.source, source_key=stored_key(planned.source_key)
        )
        rows.update(version=document.version, fingerprint=fingerprint)
    return document


def run_at(planned: PlannedDocument, *, now: datetime) -> datetime | None:
    """Give the time at which a document is to be published, None when that is no later than now or never."""
    if planned.status != "schedule" or planned.date is None or planned.date <= now:
        return None
    return planned.date


def is_too_far(planned: PlannedDocument, *, now: datetime) -> bool:
    """Tell whether a document is to be published in so many years that it stays a draft."""
    later = run_at(planned, now=now)
    return later is not None and later > now + FARTHEST


def _published_at(planned: PlannedDocument, *, now: datetime) -> datetime | None:
    """Give the time since which a document is published, None when it is a draft or will only be published later."""
    if planned.status == "draft" or run_at(planned, now=now) is not None:
        return None
    return min(planned.date or now, now)


def _make_public(document: Document, planned: PlannedDocument, target: Target, *, is_new: bool) -> None:
    """Publish or schedule; what was public elsewhere is not held up by what pre-flight finds."""
    if planned.status == "draft" or is_too_far(planned, now=target.now):
        return
    later = run_at(planned, now=target.now)
    if later is not None:
        schedule(
            document_id=document.pk,
            action="publish",
            run_at=later,
            by=target.by,
            now=target.now,
            must_be_ready=False,
        )
    elif is_new:
        publish_new(document, by=target.by, now=target.now)
    else:
        publish(
            document_ids=[document.pk], by=target.by, now=target.now, published_at=planned.date, must_be_ready=False
        )
    _redirect_former(document, planned, valid_from=later or target.now)


def _redirect_former(document: Document, planned: PlannedDocument, *, valid_from: datetime) -> None:
    """Lead from the addresses on the exported site to the document, except where anything stands or stood here."""
    rows = [
        Path(
            site_id=document.site_id,
            locale_id=document.locale_id,
            path=f"/{path.strip('/')}/",
            document_id=document.pk,
            translation_key=document.translation_group_id,
            origin=Path.Origin.IMPORT,
            valid_from=valid_from,
        )
        for path in planned.former_paths
        if path.strip("/") and len(path) < MAX_PATH and path.isprintable()
    ]
    if rows:
        Path.objects.bulk_create(rows, ignore_conflicts=True)
