"""Save a draft, so that nobody overwrites somebody else unseen."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from cms.accounts import audit, sites
from cms.accounts.actor import Actor
from cms.content import tree, types
from cms.content.actions.writing import new_revision, set_words, write_references
from cms.content.definition import TypeDefinition
from cms.content.draft import Draft, Stored, checked_slug, clean, refuse_reserved, title_of, unreadable_blocks, words
from cms.content.errors import InTrash, PathTaken, PlaceRefused, VersionConflict
from cms.content.models import Document, Revision, TranslationGroup
from cms.content.queries import fields_of


def save_draft(
    *,
    document_id: UUID,
    base_version: int,
    draft: Draft,
    by: Actor,
    now: datetime,
    base_shared_version: int | None = None,
) -> Document:
    """Save a new revision of a document, made from `base_version`.

    `base_shared_version` is the version of the shared fields that the editor saw; None accepts any.
    Fields that the draft leaves out keep their values; an empty slug keeps the slug.
    Raises PermissionMissing, InvalidValue, VersionConflict, PathTaken, InTrash.
    """
    try:
        with transaction.atomic():
            document = _locked(document_id, draft, base_version)
            by.require("edit", tree.place_of(document), now=now)
            return _save(document, draft, base_shared_version, by=by, now=now)
    except IntegrityError as error:
        if "one_per_path" in str(error) or "url_path" in str(error):
            raise PathTaken(draft.slug) from error
        raise


def _locked(document_id: UUID, draft: Draft, base_version: int) -> Document:
    """Lock the tree, if the path changes, and then the document."""
    seen = Document.objects.only("site_id", "slug", "parent_id", "url_path").get(pk=document_id)
    if _changes_slug(seen, draft):
        tree.lock(seen.site_id, exclusive=True)
    rows = Document.objects.select_for_update(of=("self",)).select_related(
        "translation_group", "head_revision", "parent"
    )
    document = rows.get(pk=document_id)
    if document.deleted_at is not None:
        raise InTrash
    if document.version != base_version:
        raise VersionConflict(document_id, base=base_version, current=document.version)
    return document


def _changes_slug(document: Document, draft: Draft) -> bool:
    return bool(draft.slug) and document.parent_id is not None and draft.slug != document.slug


def _save(document: Document, draft: Draft, base_shared_version: int | None, *, by: Actor, now: datetime) -> Document:
    known = types.current()
    definition = known.by_id(document.type_id)
    earlier = fields_of(document)
    context = replace(known.context, kept=unreadable_blocks(earlier, definition, known.context))
    stored = clean(draft, definition, context, earlier=earlier)
    stored = replace(stored, slug=_take_slug(document, draft, definition))
    _write_shared(document, stored, base_shared_version)
    number = (document.head_revision.number if document.head_revision else 0) + 1
    revision = new_revision(document.pk, stored, definition, number=number, base=document.version, by=by, now=now)
    before = {"version": document.version, "title": document.title, "path": document.url_path}
    _write_document(document, stored, definition, revision, by=by, now=now)
    write_references(document.pk, stored, definition, is_new=False)
    after = {"version": document.version, "title": document.title, "path": document.url_path}
    audit.record(
        [
            audit.entry(
                "cms.document.save",
                by=by,
                now=now,
                object_type=definition.key,
                object_id=document.pk,
                name=document.title,
                before=before,
                after=after,
            )
        ]
    )
    return document


def _take_slug(document: Document, draft: Draft, definition: TypeDefinition) -> str:
    """Give the document its new slug and path, and everything below it the new beginning of its path."""
    if not _changes_slug(document, draft) or definition.usage != "page":
        return document.slug
    if document.parent is None or document.url_path is None:
        raise PlaceRefused(_("The home page has no slug."))
    slug = checked_slug(draft.slug)
    if document.parent.parent_id is None:
        refuse_reserved(slug, settings.RESERVED_SLUGS)
    old, new = document.url_path, f"{document.parent.url_path}{slug}/"
    document.slug, document.url_path = slug, new
    tree.rewrite_paths(document.pk, old, new)
    return slug


def _write_shared(document: Document, stored: Stored, base_version: int | None) -> None:
    """Write the shared fields, once for all translations, if they changed."""
    group = document.translation_group
    if group.shared == stored.shared:
        return
    rows = TranslationGroup.objects.filter(pk=group.pk)
    if base_version is not None:
        rows = rows.filter(version=base_version)
    if not rows.update(shared=stored.shared, version=F("version") + 1):
        raise VersionConflict(document.pk, base=base_version or 0, current=group.version)
    group.shared = stored.shared
    group.version += 1


def _write_document(
    document: Document, stored: Stored, definition: TypeDefinition, revision: Revision, *, by: Actor, now: datetime
) -> None:
    document.title = title_of(stored.fields, definition)
    document.version += 1
    document.updated_at, document.updated_by_id = now, by.id
    text = f"{document.title}\n{words(stored.fields, definition, types.current().context)}"
    set_words(document, text, sites.current().locales[document.locale_id].search_configuration)
    revision.save(force_insert=True)
    document.head_revision = revision
    document.save(
        update_fields=[
            "title", "version", "updated_at", "updated_by", "search", "search_text", "head_revision",
            "slug", "url_path",
        ]
    )  # fmt: skip
