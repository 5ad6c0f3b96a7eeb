"""In which state is a document, in one word and one color?"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.content.models import Document


@dataclass(frozen=True)
class Status:
    """A state as the pill shows it; `key` is also the name of its color."""

    key: str
    label: str | Promise


DRAFT = Status("draft", _("Draft"))
PUBLISHED = Status("published", _("Published"))
CHANGED = Status("changed", _("Unpublished changes"))
SCHEDULED = Status("scheduled", _("Scheduled"))
TRASH = Status("trash", _("In the trash"))
ALL = (DRAFT, PUBLISHED, CHANGED, SCHEDULED)


def status_of(document: Document, *, has_schedule: bool) -> Status:
    """Give the state of a document; a scheduled publish outranks what is published now."""
    if document.deleted_at is not None:
        return TRASH
    if has_schedule:
        return SCHEDULED
    if document.has_unpublished_changes:
        return CHANGED
    return PUBLISHED if document.is_published else DRAFT
