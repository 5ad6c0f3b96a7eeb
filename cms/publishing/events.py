"""What is said of a publication: the events that caches, feeds and other systems act on."""

from typing import Any

from cms.accounts import sites
from cms.content import types
from cms.content.models import Document

PUBLISHED = "cms.document.published"
UNPUBLISHED = "cms.document.unpublished"
MOVED = "cms.tree.moved"


def described(document: Document, *, version: int, path: str | None) -> dict[str, Any]:
    """Describe a document in an event; small, and without content."""
    snapshot = sites.current()
    return {
        "id": str(document.pk),
        "translation_key": str(document.translation_group_id),
        "type": types.current().keys[document.type_id],
        "site": snapshot.by_id[document.site_id].key,
        "locale": snapshot.locales[document.locale_id].code,
        "path": path,
        "version": version,
    }
