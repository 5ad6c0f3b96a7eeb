"""From when until when is something visible? The rows of one document, and the windows that they are given."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from cms.content.models import Document
from cms.delivery.models import Publication
from cms.publishing.models import Schedule


def rows_of(document_id: UUID) -> list[Publication]:
    """Read the publications of a document, earliest window first; its row lock is held."""
    return list(Publication.objects.filter(document_id=document_id).order_by("visible_from"))


def rows_of_group(document: Document) -> tuple[list[Publication], list[Publication]]:
    """Read the publications of a document, earliest window first, and those of its translations; one query."""
    found = Publication.objects.filter(translation_key=document.translation_group_id).order_by("visible_from")
    rows = list(found.defer("search", "search_text"))
    own = [row for row in rows if row.document_id == document.pk]
    return own, [row for row in rows if row.document_id != document.pk]


def current(rows: Sequence[Publication], *, now: datetime) -> Publication | None:
    """Give the row that readers see now."""
    for row in rows:
        if row.visible_from <= now and (row.visible_until is None or row.visible_until > now):
            return row
    return None


def upcoming(rows: Sequence[Publication], *, now: datetime) -> Publication | None:
    """Give the row that is still to come."""
    return next((row for row in rows if row.visible_from > now), None)


def fit(rows: Sequence[Publication], pending: dict[str, Schedule], *, now: datetime) -> None:
    """Set the ends of the windows after what is scheduled, so that they never overlap; writes only what changed."""
    withdrawn = pending["unpublish"].run_at if "unpublish" in pending else None
    live, coming = current(rows, now=now), upcoming(rows, now=now)
    ends = [each for each in (coming.visible_from if coming else None, withdrawn) if each and each > now]
    if live is not None:
        _end(live, min(ends, default=None))
    if coming is not None:
        _end(coming, withdrawn if withdrawn and withdrawn > coming.visible_from else None)


def _end(row: Publication, end: datetime | None) -> None:
    if row.visible_until != end:
        row.visible_until = end
        row.save(update_fields=["visible_until"])
