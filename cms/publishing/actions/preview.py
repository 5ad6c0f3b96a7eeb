"""Keep an unsaved form for its preview."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.accounts.actor import Actor
from cms.content import tree, types
from cms.content.actions.writing import new_revision
from cms.content.draft import Draft, clean, unreadable_blocks
from cms.content.models import Document, Revision
from cms.content.queries import fields_of
from cms.publishing.preview import sign


def keep_preview(*, document_id: UUID, draft: Draft, by: Actor, now: datetime) -> str:
    """Put an unsaved form into the person's rolling row of the document; returns a token for `/preview/<token>/`.

    Nothing else changes: no version, no history. The token is valid for ten minutes.
    Raises PermissionMissing, InvalidValue.
    """
    with transaction.atomic():
        rows = Document.objects.select_related("translation_group", "head_revision")
        document = rows.get(pk=document_id)
        by.require("edit", tree.place_of(document), now=now)
        definition = types.current().by_id(document.type_id)
        earlier = fields_of(document)
        context = types.current().context
        context = replace(context, kept=unreadable_blocks(earlier, definition, context))
        stored = replace(clean(draft, definition, context, earlier=earlier), slug=document.slug)
        row = new_revision(document_id, stored, definition, number=0, base=document.version, by=by, now=now)
        row.kind = Revision.Kind.AUTOSAVE
        Revision.objects.filter(document_id=document_id, created_by_id=by.id, kind=Revision.Kind.AUTOSAVE).delete()
        row.save(force_insert=True)
        return sign(row.pk)
