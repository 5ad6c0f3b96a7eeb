"""What was imported before? Every item of the same source by its key, read once."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID, uuid5

from cms.content.models import Document
from cms.publishing.actions.importing.target import ImportRefused, Target
from cms.publishing.models import ImportedItem

HOME = "home:"
"""Source key of the home page that an import makes, where there is none."""
MAX_SOURCE_KEY = 200
DOCUMENT_COLUMNS = (
    "translation_group_id", "locale_id", "version", "url_path", "slug", "parent_id", "deleted_at", "live_revision_id",
    "published_version",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """A document that was imported before, as it is now."""

    document_id: UUID
    translation_key: UUID
    url_path: str | None
    slug: str
    parent_id: UUID | None
    version: int
    fingerprint: str
    is_published: bool = False
    edited_here: str = ""
    """Why a change of the export is not taken over; empty when it is."""

    @property
    def is_in_trash(self) -> bool:
        return self.edited_here == IN_TRASH


IN_TRASH = "in the trash here"
EDITED = "edited here"
WITHDRAWN = "withdrawn from the public here"


class Memory:
    """Remembers the documents of one source by source key, and gives those to come their translation keys."""

    def __init__(self, target: Target, coming: Iterable[str]) -> None:
        """Read what is known; `coming` are the source keys of all documents of the export."""
        self._target = target
        self._root: Known | None = None
        self._known = _read(target)
        self._coming = set(coming)

    @property
    def root(self) -> Known | None:
        """The page that everything is put below: a given one, or the home page once it is made."""
        return self._root or self.find(HOME)

    @root.setter
    def root(self, page: Known) -> None:
        self._root = page

    def find(self, source_key: str) -> Known | None:
        """Give what is known of a document."""
        return self._known.get(stored_key(source_key))

    def remember(self, source_key: str, known: Known) -> None:
        """Know a document from now on, without writing it."""
        self._known[stored_key(source_key)] = known

    def translation_key(self, source_key: str) -> UUID:
        """Give the translation key of a document, also of one that is still to come.

        It is made of the source alone: an import that was ended in the middle finds the same keys again.
        """
        known = self.find(source_key)
        return known.translation_key if known else uuid5(self._target.site.id, f"{self._target.source} {source_key}")

    def document_key(self, source_key: str) -> str | None:
        """Give the translation key as text, None when no such document is imported."""
        if source_key not in self._coming and self.find(source_key) is None:
            return None
        return str(self.translation_key(source_key))


def stored_key(source_key: str) -> str:
    """Shorten a key that is longer than its column to a hash; slugs in the export can be of any length."""
    if len(source_key) <= MAX_SOURCE_KEY:
        return source_key
    return f"{source_key.partition(':')[0]}:{sha256(source_key.encode()).hexdigest()}"


def known_as(document: Document, fingerprint: str, *, edited_here: str = "") -> Known:
    """Describe a document that was imported."""
    return Known(
        document_id=document.pk,
        translation_key=document.translation_group_id,
        url_path=document.url_path,
        slug=document.slug,
        parent_id=document.parent_id,
        version=document.version,
        fingerprint=fingerprint,
        is_published=document.is_published,
        edited_here=edited_here,
    )


def _read(target: Target) -> dict[str, Known]:
    rows = ImportedItem.objects.filter(site_id=target.site.id, source=target.source)
    columns = (f"document__{column}" for column in DOCUMENT_COLUMNS)
    found = {}
    for item in rows.select_related("document").only("source_key", "version", "fingerprint", *columns):
        if item.document.locale_id != target.locale.id:
            _refuse_locale(target, item.document.locale_id)
        found[item.source_key] = known_as(item.document, item.fingerprint, edited_here=_edited(item))
    return found


def _edited(item: ImportedItem) -> str:
    document = item.document
    if document.deleted_at is not None:
        return IN_TRASH
    if document.published_version and not document.is_published:
        return WITHDRAWN
    return EDITED if document.version != item.version else ""


def _refuse_locale(target: Target, locale_id: UUID) -> None:
    code = target.site.locales_by_id.get(locale_id, "another locale")
    raise ImportRefused(
        f"{target.source} was imported into {code} before, and can be in one locale only. Import into {code} again, "
        "and translate from there."
    )
