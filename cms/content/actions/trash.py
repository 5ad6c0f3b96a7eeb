"""Put documents into the trash, and take them out again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content import tree, types
from cms.content.errors import InTrash, PathTaken, PlaceRefused, VersionConflict
from cms.content.models import Document


def trash_document(*, document_id: UUID, base_version: int, by: Actor, now: datetime) -> list[Document]:
    """Put a document and everything below it into the trash; returns them, the document first.

    Only what is not published may go: `publishing` withdraws first. Raises PermissionMissing, VersionConflict, InTrash.
    """
    with transaction.atomic():
        site_id = Document.objects.values_list("site_id", flat=True).get(pk=document_id)
        tree.lock(site_id, exclusive=True)
        document = Document.objects.select_for_update().get(pk=document_id)
        if document.deleted_at is not None:
            raise InTrash
        if document.version != base_version:
            raise VersionConflict(document_id, base=base_version, current=document.version)
        by.require("delete", tree.place_of(document), now=now)
        if document.parent_id is None and document.url_path is not None:
            raise PlaceRefused(_("The home page cannot be put into the trash."))
        below = list(Document.objects.in_use().filter(pk__in=tree.descendants(document_id)))
        everything = [document, *below]
        if any(each.is_published for each in everything):
            raise PlaceRefused(_("Something of this is still published. Unpublish it first."))
        Document.objects.filter(pk__in=[each.pk for each in everything]).update(
            deleted_at=now, deleted_with=document_id, version=F("version") + 1, updated_at=now, updated_by=by.id
        )
        _audit("cms.document.trash", everything, by=by, now=now)
        return everything


def restore_from_trash(*, document_id: UUID, by: Actor, now: datetime) -> list[Document]:
    """Take a document, and what went into the trash with it, out again, as drafts.

    Raises PermissionMissing, PlaceRefused if its parent is gone, PathTaken if its address has been given away.
    """
    try:
        with transaction.atomic():
            site_id = Document.objects.values_list("site_id", flat=True).get(pk=document_id)
            tree.lock(site_id, exclusive=True)
            document = Document.objects.select_for_update(of=("self",)).select_related("parent").get(pk=document_id)
            if document.deleted_at is None:
                return []
            by.require("delete", tree.place_of(document), now=now)
            if document.parent is not None and document.parent.deleted_at is not None:
                raise PlaceRefused(_("The page above it is in the trash. Restore that one first."))
            everything = list(Document.objects.filter(deleted_with=document.deleted_with))
            if document.deleted_with != document_id:
                below = set(tree.descendants(document_id))
                everything = [each for each in everything if each.pk == document_id or each.pk in below]
            Document.objects.filter(pk__in=[each.pk for each in everything]).update(
                deleted_at=None, deleted_with=None, version=F("version") + 1, updated_at=now, updated_by=by.id
            )
            _follow_parent(document)
            _audit("cms.document.untrash", everything, by=by, now=now)
            return everything
    except IntegrityError as error:
        if "one_per_path" in str(error) or "url_path" in str(error):
            raise PathTaken(document.url_path or "") from error
        raise


def _follow_parent(document: Document) -> None:
    """Give the document the path that its place has now: what is above may have moved while it was in the trash."""
    if document.parent is None or document.url_path is None:
        return
    old, new = document.url_path, f"{document.parent.url_path}{document.slug}/"
    if new != old:
        Document.objects.filter(pk=document.pk).update(url_path=new)
        tree.rewrite_paths(document.pk, old, new)


def _audit(action: str, documents: Sequence[Document], *, by: Actor, now: datetime) -> None:
    keys = types.current().keys
    audit.record(
        [
            audit.entry(action, by=by, now=now, object_type=keys[each.type_id], object_id=each.pk, name=each.title)
            for each in documents
        ]
    )
