"""Put documents into the trash, whether they are published or not."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.accounts.actor import Actor
from cms.content import tree
from cms.content.actions import trash_document
from cms.content.models import Document
from cms.publishing.actions.unpublish import unpublish


def trash(*, document_id: UUID, base_version: int, by: Actor, now: datetime) -> list[Document]:
    """Withdraw a document and everything below it, and put them into the trash; returns them, the document first.

    Raises what unpublish and trash_document raise; something published needs the right to publish, too.
    """
    with transaction.atomic():
        below = tree.descendants(document_id)
        everything = Document.objects.filter(pk__in=[document_id, *below])
        if (
            everything.filter(live_revision__isnull=False).exists()
            or everything.filter(schedules__status="pending").exists()
        ):
            unpublish(document_ids=[document_id], by=by, now=now, with_descendants=True)
        return trash_document(document_id=document_id, base_version=base_version, by=by, now=now)
