"""Create a document."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cms.accounts import audit, sites
from cms.accounts.actor import Actor
from cms.accounts.ids import new_id
from cms.content import tree, types
from cms.content.actions.writing import new_revision, set_words, write_references
from cms.content.definition import TypeDefinition
from cms.content.draft import Draft, Stored, checked_slug, clean, refuse_reserved, title_of, words
from cms.content.errors import ContentRefused, PathTaken, PlaceRefused
from cms.content.models import MAX_DEPTH, Document, TranslationGroup
from cms.content.ordering import order_key
from cms.content.queries import free_slug
from cms.content.slugs import propose_slug


def create_document(
    *,
    site_id: UUID,
    locale_id: UUID,
    type_key: str,
    draft: Draft,
    by: Actor,
    now: datetime,
    parent_id: UUID | None = None,
    group: TranslationGroup | None = None,
    document_id: UUID | None = None,
    translation_key: UUID | None = None,
    published_at: datetime | None = None,
    has_savepoint: bool = True,
) -> Document:
    """Create a document with its first revision, as a draft.

    A page without `parent_id` becomes the home page of its site and locale. An empty slug is proposed from the title
    and made unique among the siblings; a given one is taken as it is. `group` makes it a translation;
    `translation_key` chooses the key of a new group, for an import whose documents point at each other in advance.
    With `published_at` the document says from the beginning that its revision is published since then; the caller
    writes what readers get in the same transaction, and asks for the right to.
    Without `has_savepoint` a transaction of the caller ends with whatever is raised, and needs two statements less.
    Raises PermissionMissing, InvalidValue, PathTaken, PlaceRefused.
    """
    definition = _definition(type_key)
    stored = clean(draft, definition, types.current().context, earlier=group.shared if group else {})
    try:
        with transaction.atomic(savepoint=has_savepoint):
            parent = _parent(definition, site_id, locale_id, parent_id)
            by.require("create", tree.place_below(site_id, type_key, locale_id, parent), now=now)
            group = group or _new_group(definition, stored, site_id, translation_key)
            return _write(definition, stored, locale_id, parent, group, document_id or new_id(), by, now, published_at)
    except IntegrityError as error:
        raise _named(error, parent_id, stored.slug) from error


def _write(
    definition: TypeDefinition,
    stored: Stored,
    locale_id: UUID,
    parent: Document | None,
    group: TranslationGroup,
    document_id: UUID,
    by: Actor,
    now: datetime,
    published_at: datetime | None,
) -> Document:
    fields = {**stored.fields}
    title = title_of(fields, definition)
    is_page = definition.usage == "page"
    slug = _slug(definition, stored, title, parent, document_id) if is_page else ""
    stored = replace(stored, slug=slug)
    revision = new_revision(document_id, stored, definition, number=1, base=0, by=by, now=now)
    document = Document(
        id=document_id,
        site_id=group.site_id,
        locale_id=locale_id,
        type_id=group.type_id,
        translation_group=group,
        parent=parent,
        order_key=_order_key(parent) if is_page else "",
        slug=slug,
        url_path=_path(parent, slug) if is_page else None,
        title=title,
        head_revision=revision,
        live_revision=revision if published_at else None,
        published_version=1 if published_at else 0,
        first_published_at=published_at,
        published_at=published_at,
        created_at=now,
        created_by_id=by.id,
        updated_at=now,
        updated_by_id=by.id,
    )
    configuration = sites.current().locales[locale_id].search_configuration
    set_words(document, f"{title}\n{words(fields, definition, types.current().context)}", configuration)
    document.save(force_insert=True)
    revision.save(force_insert=True)
    write_references(document_id, stored, definition, is_new=True)
    audit.record(
        [
            audit.entry(
                "cms.document.create", by=by, now=now, object_type=definition.key, object_id=document_id, name=title
            )
        ]
    )
    return document


def _new_group(definition: TypeDefinition, stored: Stored, site_id: UUID, key: UUID | None) -> TranslationGroup:
    """Write a new group; one with the chosen key may be left of a document that was deleted, and is used again."""
    group = TranslationGroup(
        id=key or new_id(), site_id=site_id, type_id=types.current().ids[definition.key], shared=stored.shared
    )
    TranslationGroup.objects.bulk_create([group], update_conflicts=True, unique_fields=["id"], update_fields=["shared"])
    return group


def _definition(type_key: str) -> TypeDefinition:
    known = types.current()
    definition = known.definitions.get(type_key)
    if definition is None or definition.usage == "block" or type_key in known.archived:
        raise PlaceRefused(_("There is no type of document named “%(key)s”.") % {"key": type_key})
    return definition


def _parent(definition: TypeDefinition, site_id: UUID, locale_id: UUID, parent_id: UUID | None) -> Document | None:
    """Lock the tree and read the parent, checked. Items have neither."""
    if definition.usage != "page":
        if parent_id is not None:
            raise PlaceRefused(_("%(type)s is no page; it has no place in the tree.") % {"type": definition.name})
        return None
    tree.lock(site_id, exclusive=False)
    if parent_id is None:
        if definition.parents:
            raise PlaceRefused(
                _("%(type)s cannot be the home page; choose a page to put it under.") % {"type": definition.name}
            )
        return None
    parent = tree.page(parent_id, site_id=site_id, locale_id=locale_id)
    if parent is None:
        raise PlaceRefused(_("The page to put it under does not exist here, or is in the trash."))
    check_place(definition, parent)
    if (parent.url_path or "").count("/") >= MAX_DEPTH:  # the home page has one, and each level adds one
        raise PlaceRefused(_("The tree is at most %(levels)s levels deep.") % {"levels": MAX_DEPTH})
    return parent


def check_place(definition: TypeDefinition, parent: Document) -> None:
    """Insist that a type may stand below a page. Raises PlaceRefused."""
    above = types.current().by_id(parent.type_id)
    if above.usage != "page":
        raise PlaceRefused(_("Nothing can be put under %(above)s, which is no page.") % {"above": above.name})
    if definition.parents and above.key not in definition.parents:
        raise PlaceRefused(
            _("%(type)s cannot be put under %(above)s; it belongs under: %(parents)s.")
            % {"type": definition.name, "above": above.name, "parents": ", ".join(definition.parents)}
        )


def _slug(definition: TypeDefinition, stored: Stored, title: str, parent: Document | None, document_id: UUID) -> str:
    if parent is None:
        return ""
    if stored.slug:
        if parent.parent_id is None:
            refuse_reserved(stored.slug, settings.RESERVED_SLUGS)
        return checked_slug(stored.slug)
    return free_slug(parent, propose_slug(title, type_key=definition.key, suffix=document_id.hex[-6:]))


def _path(parent: Document | None, slug: str) -> str:
    return f"{parent.url_path}{slug}/" if parent else "/"


def _order_key(parent: Document | None) -> str:
    return order_key(getattr(parent, "last_order_key", None) or None, None)


def _named(error: IntegrityError, parent_id: UUID | None, slug: str) -> ContentRefused:
    text = str(error)
    if "one_per_path" in text or "url_path" in text:
        return (
            PathTaken(slug or "/")
            if parent_id
            else PlaceRefused(_("This site already has a home page in this language."))
        )
    if "one_per_locale" in text or "translation_group" in text:
        return PlaceRefused(_("There is already a translation in this language."))
    raise error
