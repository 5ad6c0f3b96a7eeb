"""Publish what was created a moment ago: the short way, for an import of thousands of documents."""

from datetime import datetime

from django.utils.translation import gettext as _

from cms.accounts.actor import Actor
from cms.content import tree
from cms.content.models import Document
from cms.publishing import events
from cms.publishing.actions.publish import record_publish, snapshot_of
from cms.publishing.published_tree import claim
from cms.publishing.queries import path_of
from cms.publishing.writing import write_publication
from reliability.outbox.actions import record


def publish_new(document: Document, *, by: Actor, now: datetime) -> None:
    """Publish a document, without translations, that create_document made with `published_at` in this transaction.

    Nobody else can have seen it: there is nothing below it, nothing published or scheduled of it, and its tree is
    locked, so `publish` would look for all of these in vain. Pre-flight is not asked; an import takes what was public
    elsewhere as it is. Raises PermissionMissing and PathTaken.
    """
    by.require("publish", tree.place_of(document), now=now)
    revision = document.head_revision
    if revision is None:
        raise Document.DoesNotExist(_("The document has no revision to publish."))
    path = path_of(document, now=now)
    version = document.published_version
    first = document.first_published_at or now
    position = record([(events.PUBLISHED, document.pk, events.described(document, version=version, path=path))])[0]
    row = write_publication(
        None,
        document,
        revision,
        snapshot_of(document),
        path=path,
        version=version,
        visible_from=first,
        now=first,
        position=position,
    )
    if path is not None:
        claim(document, path, valid_from=now)
    record_publish(document, row, was_live=None, path=path, by=by, now=now)
