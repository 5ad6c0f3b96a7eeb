"""The rows that every saving action writes: a revision, references, the words for the editors' search."""

from datetime import datetime
from uuid import UUID

from django.db import connections, router

from cms.accounts.actor import Actor
from cms.accounts.ids import new_id
from cms.content import types
from cms.content.canonical import canonical
from cms.content.definition import TypeDefinition
from cms.content.draft import Stored, links
from cms.content.models import Document, Reference, Revision
from cms.content.vectors import UNWEIGHTED, vector

SEARCH_MAX_CHARACTERS = 200_000
"""PostgreSQL refuses a text vector above 1 MiB; words behind this many characters are not searched for."""


def new_revision(
    document_id: UUID, stored: Stored, definition: TypeDefinition, *, number: int, base: int, by: Actor, now: datetime
) -> Revision:
    """Make the revision of a draft, not yet saved."""
    data, shared = canonical(stored.data), canonical(stored.shared)
    return Revision(
        id=new_id(),
        document_id=document_id,
        number=number,
        type_version=definition.version,
        data=data,
        shared=shared,
        base_version=base,
        created_at=now,
        created_by_id=by.id,
        size_bytes=len(data.encode()) + len(shared.encode()),
    )


def write_references(document_id: UUID, stored: Stored, definition: TypeDefinition, *, is_new: bool) -> None:
    """Replace the references of a document by those of the draft; two statements at most."""
    if not is_new:
        Reference.objects.filter(from_document_id=document_id).delete()
    rows = [
        Reference(
            from_document_id=document_id,
            to_group_id=UUID(link.to_key) if link.to_key else None,
            to_asset_id=UUID(link.to_asset) if link.to_asset else None,
            path=link.path[:400],
            kind=link.kind,
        )
        for link in links(stored.fields, definition, types.current().context)
    ]
    if rows:
        Reference.objects.bulk_create(rows)


def set_words(document: Document, text: str, configuration: str) -> None:
    """Put the words that editors search for into a document, not yet saved."""
    document.search_text = text[:SEARCH_MAX_CHARACTERS]
    if connections[router.db_for_write(Document)].vendor == "postgresql":
        document.search = vector({UNWEIGHTED: document.search_text}, configuration)
