"""Reads of drafts."""

from typing import Any
from uuid import UUID

from django.db.models import Q

from cms.content import slugs, types
from cms.content.models import Document, Reference, Revision
from cms.content.upcast import read_through


def fields_in(revision: Revision) -> dict[str, Any]:
    """Give the fields of a revision, shared ones included, in today's form of its type."""
    definition = types.current().by_id(revision.document.type_id)
    data = {**revision.shared_values, **revision.values["fields"]}
    written_with = types.earlier(definition.key, revision.type_version)
    return read_through(data, definition, types.current().blocks, written_with=written_with, earlier=types.earlier)


def fields_of(document: Document) -> dict[str, Any]:
    """Give the fields of a document as they are in its draft: the head revision, with the shared fields of today."""
    if document.head_revision is None:
        return {}
    definition = types.current().by_id(document.type_id)
    revision = document.head_revision
    data = {**revision.shared_values, **document.translation_group.shared, **revision.values["fields"]}
    written_with = types.earlier(definition.key, revision.type_version)
    return read_through(data, definition, types.current().blocks, written_with=written_with, earlier=types.earlier)


def free_slug(parent: Document, wanted: str) -> str:
    """Find a slug that no sibling has: the wanted one, else with -2, -3, ... ; two queries at most."""
    siblings = Document.objects.in_use().filter(parent=parent)
    if not siblings.filter(slug=wanted).exists():
        return wanted
    taken = set(siblings.filter(slug__startswith=wanted).values_list("slug", flat=True))
    return slugs.free_slug(wanted, taken)


def usage(*, group_id: UUID | None = None, asset_id: UUID | None = None) -> list[Reference]:
    """List the drafts that name a document (by translation key) or an asset."""
    target = Q(to_group_id=group_id) if group_id else Q(to_asset_id=asset_id)
    rows = Reference.objects.filter(target, from_document__deleted_at__isnull=True)
    return list(rows.select_related("from_document").order_by("from_document__title", "path"))
