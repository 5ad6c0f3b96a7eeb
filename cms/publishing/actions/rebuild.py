"""Make what is published anew from its revisions, after a type or the code changed."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.content import types
from cms.content.models import Document, Revision
from cms.content.queries import fields_in
from cms.delivery.models import Publication
from cms.publishing import events
from cms.publishing.actions.publish import lock_documents
from cms.publishing.snapshot import snapshot
from cms.publishing.writing import write_publication
from reliability.outbox.actions import record

BATCH = 100


def rebuild(type_key: str, *, now: datetime) -> Iterator[tuple[int, int]]:
    """Rebuild the publications of a type, 100 in a transaction; yields (looked at, changed) after each batch.

    Only rows whose bytes differ get a new version and an event; rebuilding twice changes nothing.
    """
    ids = list(
        Publication.objects.filter(type_key=type_key)
        .order_by("document_id")
        .values_list("document_id", flat=True)
        .distinct()
    )
    looked_at = changed = 0
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        with transaction.atomic():
            changed += sum(_rebuild(document, now=now) for document in lock_documents(batch))
        looked_at += len(batch)
        yield looked_at, changed


def _rebuild(document: Document, *, now: datetime) -> int:
    rows = Publication.objects.filter(document_id=document.pk).order_by("visible_from")
    return sum(_rebuild_row(document, row, now=now) for row in rows)


def _rebuild_row(document: Document, row: Publication, *, now: datetime) -> bool:
    revision = Revision.objects.select_related("document").get(pk=UUID(str(row.revision_id)))
    definition = types.current().by_id(document.type_id)
    seo = revision.values.get("seo", {})
    made = snapshot(fields_in(revision), seo, definition, types.current().context)
    if (made.title, made.data, made.seo, made.depends) == (row.title, row.data, row.seo, row.depends):
        return False
    version = row.version + 1
    position = record(
        [(events.PUBLISHED, document.pk, events.described(document, version=version, path=row.url_path))]
    )[0]
    published_at = row.published_at
    row.first_published_at = document.first_published_at or row.first_published_at
    write_publication(
        row, document, revision, made, path=row.url_path, version=version,
        visible_from=row.visible_from, now=published_at, position=position,
    )  # fmt: skip
    document.published_version = max(document.published_version, version)
    document.save(update_fields=["published_version"])
    return True
