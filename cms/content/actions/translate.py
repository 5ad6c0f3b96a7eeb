"""Begin a translation."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from cms.accounts.actor import Actor
from cms.content.actions.create import create_document
from cms.content.draft import Draft
from cms.content.errors import PlaceRefused
from cms.content.models import Document
from cms.content.queries import fields_in


def translate(*, document_id: UUID, locale_id: UUID, by: Actor, now: datetime) -> Document:
    """Create a document in another locale as a draft copy, under the translation of its parent.

    Raises PlaceRefused when the parent is not translated yet, or the translation exists, and what create_document
    raises.
    """
    rows = Document.objects.select_related("translation_group", "type", "head_revision", "parent")
    source = rows.get(pk=document_id)
    if source.head_revision is None:
        raise PlaceRefused(_("There is nothing to translate yet."))
    return create_document(
        site_id=source.site_id,
        locale_id=locale_id,
        type_key=source.type.key,
        parent_id=_translated_parent(source, locale_id),
        group=source.translation_group,
        draft=Draft(fields=fields_in(source.head_revision), slug=source.slug, seo=source.head_revision.values["seo"]),
        by=by,
        now=now,
    )


def _translated_parent(source: Document, locale_id: UUID) -> UUID | None:
    if source.parent is None:
        return None
    parent = (
        Document.objects.in_use()
        .filter(translation_group_id=source.parent.translation_group_id, locale_id=locale_id)
        .first()
    )
    if parent is None:
        raise PlaceRefused(
            _("Translate the page above it first: %(page)s.") % {"page": source.parent.title or source.parent.url_path}
        )
    return parent.pk
