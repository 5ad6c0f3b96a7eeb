"""Publish documents: all of them and everything that belongs to it, or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content import tree, types
from cms.content.errors import InTrash, VersionConflict
from cms.content.models import Document
from cms.content.queries import fields_of
from cms.delivery.models import Publication, Tombstone
from cms.publishing import events, windows
from cms.publishing.errors import NotReady
from cms.publishing.preflight import Finding
from cms.publishing.published_tree import claim, rewrite, trees_of
from cms.publishing.queries import findings, path_of, pending
from cms.publishing.snapshot import Snapshot, snapshot
from cms.publishing.writing import copy_shared, write_publication
from reliability.outbox.actions import record
from reliability.outbox.event import Position


def publish(
    *,
    document_ids: Sequence[UUID],
    by: Actor,
    now: datetime,
    expected: Mapping[UUID, int] | None = None,
    published_at: datetime | None = None,
    must_be_ready: bool = True,
) -> list[Finding]:
    """Publish the head revisions of documents, in one transaction; returns the warnings of pre-flight.

    `expected` are the versions that the person saw. `published_at` dates an import back; an import also takes what was
    public elsewhere as it is, and only reports the findings (`must_be_ready=False`).
    Raises PermissionMissing, VersionConflict, InTrash, PathTaken, and NotReady with every finding.
    """
    with transaction.atomic():
        documents = lock_documents(document_ids)
        for document in documents:
            check(document, "publish", by=by, now=now, expected=expected)
        found = findings(documents, now=now)
        if must_be_ready and any(finding.blocks for finding in found):
            raise NotReady(found)
        for document in documents:
            _publish(document, by=by, now=now, published_at=published_at or now)
        return found


def lock_documents(document_ids: Sequence[UUID]) -> list[Document]:
    """Lock the trees and then the rows, in the order of their ids.

    The tree is held exclusively only if published paths may change: for a new slug, or with something published below.
    """
    for site, may_change in trees_of(document_ids):
        tree.lock(site, exclusive=may_change)
    rows = Document.objects.select_for_update(of=("self",)).select_related(
        "translation_group", "head_revision", "parent"
    )
    found = list(rows.filter(pk__in=document_ids).order_by("pk"))
    if len(found) != len(set(document_ids)):
        raise Document.DoesNotExist(_("One of the documents does not exist any more."))
    return found


def check(document: Document, action: str, *, by: Actor, now: datetime, expected: Mapping[UUID, int] | None) -> None:
    """Insist on the right to act on a document, and on the version that the person saw."""
    if document.deleted_at is not None:
        raise InTrash
    by.require(action, tree.place_of(document), now=now)
    if expected is not None and document.version != expected.get(document.pk, document.version):
        raise VersionConflict(document.pk, base=expected[document.pk], current=document.version)


def snapshot_of(document: Document) -> Snapshot:
    """Make what would be published of a document's head revision."""
    definition = types.current().by_id(document.type_id)
    seo = document.head_revision.values.get("seo", {}) if document.head_revision else {}
    return snapshot(fields_of(document), seo, definition, types.current().context)


def _publish(document: Document, *, by: Actor, now: datetime, published_at: datetime) -> None:
    revision = document.head_revision
    if revision is None:
        raise Document.DoesNotExist(_("The document has no revision to publish."))
    rows, siblings = windows.rows_of_group(document)
    live, coming = windows.current(rows, now=now), windows.upcoming(rows, now=now)
    path = path_of(document, now=now)
    was_withdrawn = not rows and document.published_version > 0
    stays = live is not None and (live.url_path, live.slug) == (path, document.slug)
    version = max([document.published_version, *[row.version for row in rows if row is not coming]]) + 1
    position = record([(events.PUBLISHED, document.pk, events.described(document, version=version, path=path))])[0]
    first = min(published_at, now)
    document.first_published_at = document.first_published_at or first
    row = write_publication(
        live, document, revision, snapshot_of(document), path=path, version=version,
        visible_from=live.visible_from if live else first, now=first, position=position,
    )  # fmt: skip
    if coming is not None:
        _put_above(coming, version, position)
    if path is not None and not stays:
        claim(document, path, valid_from=now)
        rewrite(document, path, position=position, now=now)
    tell_siblings(document, siblings, position=position, now=now)
    windows.fit([row, *([coming] if coming else [])], pending(document.pk), now=now)
    if was_withdrawn:
        Tombstone.objects.filter(document_id=document.pk).delete()
    mark_published(document, row, path=path, by=by, now=now)


def _put_above(coming: Publication, version: int, position: Position) -> None:
    """Keep a scheduled row's version above the one that is published before it."""
    coming.version = version + 1
    coming.save(update_fields=["version"])


def mark_published(document: Document, row: Publication, *, path: str | None, by: Actor, now: datetime) -> None:
    """Note on a document what is published of it, with an audit entry."""
    was_live = document.live_revision_id
    document.live_revision_id = row.revision_id
    document.published_version, document.published_at = row.version, row.published_at
    document.save(update_fields=["live_revision", "published_version", "first_published_at", "published_at"])
    record_publish(document, row, was_live=was_live, path=path, by=by, now=now)


def record_publish(
    document: Document, row: Publication, *, was_live: UUID | None, path: str | None, by: Actor, now: datetime
) -> None:
    """Write the audit entry of a publication."""
    audit.record(
        [
            audit.entry(
                "cms.document.publish",
                by=by,
                now=now,
                object_type=row.type_key,
                object_id=document.pk,
                name=document.title,
                before={"revision": str(was_live) if was_live else None},
                after={"revision": str(row.revision_id), "version": row.version, "path": path},
            )
        ]
    )


def tell_siblings(document: Document, siblings: Sequence[Publication], *, position: Position, now: datetime) -> None:
    """Copy changed shared fields to the published translations, and say so."""
    changed = copy_shared(document, siblings, position=position, now=now)
    if not changed:
        return
    documents = Document.objects.in_bulk([row.document_id for row in changed])
    record(
        (
            events.PUBLISHED,
            row.document_id,
            events.described(documents[row.document_id], version=row.version, path=row.url_path),
        )
        for row in changed
    )
    for row in changed:
        documents[row.document_id].published_version = max(documents[row.document_id].published_version, row.version)
    Document.objects.bulk_update(documents.values(), ["published_version"])
