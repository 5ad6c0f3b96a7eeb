"""Move a page to another place in the tree."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content import tree, types
from cms.content.actions.create import check_place
from cms.content.errors import InTrash, PathTaken, PlaceRefused, VersionConflict
from cms.content.models import MAX_DEPTH, Document
from cms.content.ordering import order_key


@dataclass(frozen=True)
class Moved:
    """What a move changed: the document, and its path before."""

    document: Document
    old_path: str


def move_document(
    *,
    document_id: UUID,
    base_version: int,
    parent_id: UUID,
    by: Actor,
    now: datetime,
    before_id: UUID | None = None,
) -> Moved:
    """Put a page under another one, in front of the sibling `before_id`, or last; takes effect at once.

    Everything below comes along, with one statement.
    Raises PermissionMissing, VersionConflict, PlaceRefused, PathTaken.
    """
    try:
        with transaction.atomic():
            return _move(document_id, base_version, parent_id, before_id, by=by, now=now)
    except IntegrityError as error:
        if "one_per_path" in str(error) or "url_path" in str(error):
            raise PathTaken("there") from error
        raise


def _move(
    document_id: UUID, base_version: int, parent_id: UUID, before_id: UUID | None, *, by: Actor, now: datetime
) -> Moved:
    site_id = Document.objects.values_list("site_id", flat=True).get(pk=document_id)
    tree.lock(site_id, exclusive=True)
    document = Document.objects.select_for_update().get(pk=document_id)
    parent = _checked(document, parent_id, base_version)
    by.require("move", tree.place_of(document), now=now)
    by.require("move", tree.place_of(parent), now=now)
    old, new = document.url_path or "", f"{parent.url_path}{document.slug}/"
    audit.record(
        [
            audit.entry(
                "cms.document.move",
                by=by,
                now=now,
                object_type=types.current().keys[document.type_id],
                object_id=document.pk,
                name=document.title,
                before={"path": old, "parent": str(document.parent_id)},
                after={"path": new, "parent": str(parent.pk)},
            )
        ]
    )
    document.order_key = _order_key(parent, document, before_id)
    document.parent, document.url_path = parent, new
    document.version += 1
    document.updated_at, document.updated_by_id = now, by.id
    document.save(update_fields=["parent", "order_key", "url_path", "version", "updated_at", "updated_by"])
    if new != old:
        tree.rewrite_paths(document.pk, old, new)
    return Moved(document, old)


def _checked(document: Document, parent_id: UUID, base_version: int) -> Document:
    if document.deleted_at is not None:
        raise InTrash
    if document.version != base_version:
        raise VersionConflict(document.pk, base=base_version, current=document.version)
    if document.parent_id is None:
        raise PlaceRefused(_("The home page cannot be moved, and items have no place in the tree."))
    parent = (
        Document.objects.in_use().filter(pk=parent_id, site_id=document.site_id, locale_id=document.locale_id).first()
    )
    if parent is None:
        raise PlaceRefused(_("The page to move it under does not exist here, or is in the trash."))
    check_place(types.current().by_id(document.type_id), parent)
    above = tree.ancestry(parent.pk)
    if document.pk in above:
        raise PlaceRefused(_("A page cannot be moved below itself. Choose a page outside of it."))
    if len(above) + 1 + tree.height(document.pk) > MAX_DEPTH:
        raise PlaceRefused(_("The tree is at most %(levels)s levels deep.") % {"levels": MAX_DEPTH})
    return parent


def _order_key(parent: Document, document: Document, before_id: UUID | None) -> str:
    siblings = Document.objects.filter(parent=parent).exclude(pk=document.pk)
    if before_id is None:
        last = siblings.order_by("-order_key").values_list("order_key", flat=True).first()
        return order_key(last or None, None)
    following = siblings.filter(pk=before_id).values_list("order_key", flat=True).first()
    if following is None:
        raise PlaceRefused(_("The page to put it in front of is not there any more."))
    previous = (
        siblings.filter(order_key__lt=following).order_by("-order_key").values_list("order_key", flat=True).first()
    )
    return order_key(previous or None, following)
