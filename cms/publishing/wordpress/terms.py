"""Which authors, categories and tags does an export bring? Items of their types, parents before children."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cms.publishing.wordpress.context import Outside
from cms.publishing.wordpress.fragments import text_of
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.records import ExportTerm
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.survey import TERM_TYPE_KEYS, ExportIndex, author_key, term_key

HANDLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_HANDLE = 80


def plan_authors(index: ExportIndex, *, report: Report) -> Iterator[PlannedDocument]:
    """Yield every author that is declared or used; the importer matches people by `email`, which may be empty."""
    for author in index.authors.values():
        key = author_key(author.login)
        report.name(key, author.name)
        fields = {"name": author.name, **handle_field(author.login)}
        yield PlannedDocument(key, "author", author.name, "", fields, "publish", email=author.email)


def plan_terms(index: ExportIndex, *, outside: Outside, report: Report) -> Iterator[PlannedDocument]:
    """Yield categories, then tags; a category names its parent by translation key in the field `broader`."""
    for term in _parents_first(index):
        key = term_key(term.taxonomy, term.slug)
        report.name(key, term.name)
        fields: dict[str, object] = {"name": term.name, **handle_field(term.slug)}
        description = text_of(term.description)
        if term.taxonomy == "category":
            fields["description"] = description
        elif description:
            report.count_unmapped("setting", "description of a tag", key)
        parent = term_key(term.taxonomy, term.parent) if term.parent else None
        if parent in index.terms:
            fields["broader"] = outside.document_key(parent)
        elif parent is not None:
            report.adjust(key, f"without its parent {parent}, which is not in the export")
        yield PlannedDocument(key, TERM_TYPE_KEYS[term.taxonomy], term.name, "", fields, "publish", parent_key=parent)


def handle_field(slug: str) -> dict[str, object]:
    """Return the field with the short name, or none when the slug has other letters than a short name may have."""
    handle = slug.lower().replace("_", "-").replace(" ", "-")
    return {"handle": handle} if HANDLE.fullmatch(handle) and len(handle) <= MAX_HANDLE else {}


def _parents_first(index: ExportIndex) -> list[ExportTerm]:
    """Sort by depth; a circle of parents ends where it closes."""
    taxonomies = list(TERM_TYPE_KEYS)
    return sorted(index.terms.values(), key=lambda term: (taxonomies.index(term.taxonomy), _depth(term, index)))


def _depth(term: ExportTerm, index: ExportIndex) -> int:
    seen = {term.slug}
    parent = index.terms.get(term_key(term.taxonomy, term.parent)) if term.parent else None
    while parent is not None and parent.slug not in seen:
        seen.add(parent.slug)
        parent = index.terms.get(term_key(parent.taxonomy, parent.parent)) if parent.parent else None
    return len(seen)
