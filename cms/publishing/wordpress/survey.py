"""What will the export become, before any content is mapped? One pass that keeps places, addresses and names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cms.publishing.wordpress.attachments import MediaIndex
from cms.publishing.wordpress.links import OLD_SLUG, LinkIndex
from cms.publishing.wordpress.places import Places
from cms.publishing.wordpress.records import ExportAuthor, ExportHeader, ExportItem, ExportRecord, ExportTerm
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.titles import plain_title

TYPE_KEYS = {"post": "article", "page": "page"}
TERM_TYPE_KEYS = {"category": "category", "post_tag": "tag"}
NO_DOCUMENT = {
    "trash": "in the trash of WordPress",
    "auto-draft": "an automatic draft without content",
    "inherit": "a revision of another document",
}


@dataclass
class ExportIndex:
    """Hold what the second pass has to know in advance; it grows with the number of entries, not with their texts."""

    header: ExportHeader = field(default_factory=lambda: ExportHeader(title="", base_url="", language=""))
    authors: dict[str, ExportAuthor] = field(default_factory=dict)
    terms: dict[str, ExportTerm] = field(default_factory=dict)
    links: LinkIndex = field(default_factory=LinkIndex)
    media: MediaIndex = field(default_factory=MediaIndex)
    places: Places = field(default_factory=Places)
    titles: dict[str, str] = field(default_factory=dict)
    menu_names: dict[str, str] = field(default_factory=dict)


def survey(records: Iterable[ExportRecord], *, report: Report) -> ExportIndex:
    """Read an export once; authors and terms that are used but never declared are added from their use.

    Slugs that are taken, parents that are missing and circles of parents are settled here and reported.
    """
    index = ExportIndex()
    for record in records:
        if isinstance(record, ExportHeader):
            index.header = record
            index.links.add_host(record.base_url)
        elif isinstance(record, ExportAuthor):
            index.authors[record.login] = record
        elif isinstance(record, ExportTerm):
            _add_term(index, record, is_declared=True)
        else:
            _add_item(index, record)
    index.places.settle(report=report)
    return index


def term_key(taxonomy: str, slug: str) -> str:
    """Return the source key of a category or tag, like `category:news` or `tag:boats`."""
    return f"{TERM_TYPE_KEYS.get(taxonomy, taxonomy)}:{slug}"


def author_key(login: str) -> str:
    """Return the source key of an author."""
    return f"author:{login}"


def becomes_document(item: ExportItem) -> bool:
    """Tell whether a post or page is imported at all."""
    return item.type in TYPE_KEYS and item.status not in NO_DOCUMENT


def _add_term(index: ExportIndex, term: ExportTerm, *, is_declared: bool) -> None:
    if term.taxonomy == "nav_menu":
        index.menu_names.setdefault(term.slug, term.name)
    if term.taxonomy not in TERM_TYPE_KEYS:
        return
    key = term_key(term.taxonomy, term.slug)
    if is_declared:
        index.terms[key] = term
    else:
        index.terms.setdefault(key, term)


def _add_item(index: ExportIndex, item: ExportItem) -> None:
    if item.type == "attachment":
        index.media.add(item)
    for term in item.terms:
        _add_term(index, term, is_declared=False)
    if not becomes_document(item):
        return
    if item.author:
        index.authors.setdefault(item.author, ExportAuthor(login=item.author, email="", name=item.author))
    index.links.add(item.source_key, item_id=item.id, link=item.link, old_slugs=item.meta_values(OLD_SLUG))
    index.titles[item.source_key] = plain_title(item.title)
    index.places.add(item)
