"""Move a page, for editors and readers together."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.accounts.actor import Actor
from cms.content.actions import move_document
from cms.content.models import Document
from cms.delivery.models import Publication
from cms.publishing import events
from cms.publishing.published_tree import claim, rewrite
from cms.publishing.queries import path_of
from reliability.outbox.actions import record


def move(
    *,
    document_id: UUID,
    base_version: int,
    parent_id: UUID,
    by: Actor,
    now: datetime,
    before_id: UUID | None = None,
) -> Document:
    """Put a page under another one, in front of `before_id` or last; old published paths become redirects.

    Raises what move_document raises, and PathTaken when another page is published at one of the new paths.
    """
    with transaction.atomic():
        moved = move_document(
            document_id=document_id, base_version=base_version, parent_id=parent_id, before_id=before_id, by=by, now=now
        )
        document = Document.objects.select_related("parent").get(pk=document_id)
        rows = list(Publication.objects.filter(document_id=document_id).order_by("visible_from"))
        _move_published(document, rows, moved.old_path, now=now)
        return document


def _move_published(document: Document, rows: list[Publication], old: str, *, now: datetime) -> None:
    path = path_of(document, now=now) or ""
    old_published = rows[0].url_path if rows and rows[0].url_path else old
    described = events.described(document, version=document.published_version, path=path)
    position = record([(events.MOVED, document.pk, {**described, "old_path": old_published})])[0]
    for row in rows:
        row.url_path = path.removesuffix(f"{document.slug}/") if row.slug != document.slug else path
        if row.slug != document.slug:
            row.url_path = f"{row.url_path}{row.slug}/"
        row.parent_id, row.order_key = document.parent_id, document.order_key
        row.version += 1
        row.xid, row.seq, row.updated_at = position.xid, position.seq, now
        row.save(update_fields=["url_path", "parent_id", "order_key", "version", "xid", "seq", "updated_at"])
        claim(document, row.url_path, valid_from=now)
        document.published_version = max(document.published_version, row.version)
    document.save(update_fields=["published_version"])
    rewrite(document, (rows[0].url_path if rows else None) or path, position=position, now=now)
