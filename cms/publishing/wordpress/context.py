"""What does mapping one document need to know? The outside world as functions, the export as an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.attachments import MediaIndex
from cms.publishing.wordpress.fragments import text_of
from cms.publishing.wordpress.links import LinkIndex, rewrite_links
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.shapes import Block


class Sanitize(Protocol):
    """Clean HTML for one block type and name what was taken out, once per occurrence."""

    def __call__(self, html: str, *, block: str) -> tuple[str, Sequence[str]]:
        """Return the clean HTML and the names of what was removed."""


@dataclass(frozen=True)
class Outside:
    """Bring what only the importer knows.

    `document_key` turns a source key into the translation key of its document, None when it is not imported.
    `asset_key` turns the original address of a file into the id of its asset, None when the file is not at hand.
    """

    sanitize: Sanitize
    document_key: Callable[[str], str | None]
    asset_key: Callable[[str], str | None]


@dataclass(frozen=True)
class Context:
    """Map the content of one document; `item_id` and `link` are those of the export."""

    outside: Outside
    links: LinkIndex
    media: MediaIndex
    source_key: str
    item_id: str = ""
    link: str = ""
    report: Report = field(default_factory=Report)

    def clean(self, source: str, *, block: str) -> str:
        """Return sanitised HTML with links to documents of the export as `cms:document/<key>`."""
        clean, removed = self.outside.sanitize(rewrite_links(source, target=self.link_target), block=block)
        for what in removed:
            self.report.count_removed(what, self.source_key)
        return clean.strip()

    def link_target(self, address: str) -> str | None:
        """Return the internal address for a link to a document of the export, None to leave the link alone."""
        key = self.document_key(address)
        fragment = address.partition("#")[2].strip()
        return f"cms:document/{key}{'#' + fragment if fragment else ''}" if key else None

    def document_key(self, address: str) -> str | None:
        """Return the translation key of the document an address means, None when it means none that is imported."""
        source_key = self.links.find(address, base=self.link)
        return self.outside.document_key(source_key) if source_key else None

    def asset(self, address: str) -> str | None:
        """Return the asset for an address of a file, None when the file is not at hand."""
        planned = self.media.find(address)
        return self.outside.asset_key(planned.url if planned else address)

    def miss_file(self, address: str) -> None:
        """List a file that keeps its original address."""
        self.report.miss_file(address, self.source_key)

    def count_unmapped(self, kind: str, name: str) -> None:
        """Count something of this document that has no counterpart."""
        self.report.count_unmapped(kind, name, self.source_key)

    def html_blocks(self, source: str) -> list[Block]:
        """Return one sanitised HTML block, or none when nothing is left to see."""
        clean = self.clean(source, block="html")
        is_visible = bool(text_of(clean)) or "<img" in clean or "<hr" in clean
        return [shapes.html(clean)] if is_visible else []
