"""Bring back what a document was."""

from datetime import datetime
from uuid import UUID

from cms.accounts.actor import Actor
from cms.content.actions.save import save_draft
from cms.content.draft import Draft
from cms.content.models import Document, Revision
from cms.content.queries import fields_in


def restore_revision(*, document_id: UUID, revision_id: UUID, base_version: int, by: Actor, now: datetime) -> Document:
    """Save the content of an earlier revision as a new one; the slug stays as it is.

    Raises what save_draft raises, and Revision.DoesNotExist for a revision of another document.
    """
    revision = Revision.objects.select_related("document").get(pk=revision_id, document_id=document_id)
    draft = Draft(fields=fields_in(revision), seo=revision.values.get("seo", {}))
    return save_draft(document_id=document_id, base_version=base_version, draft=draft, by=by, now=now)
