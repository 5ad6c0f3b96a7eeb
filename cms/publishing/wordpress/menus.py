"""Which menus does the export bring? One document for each, its entries as a tree of labels and targets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.context import Outside
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.records import ExportItem
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.shapes import Block
from cms.publishing.wordpress.survey import ExportIndex, term_key
from cms.publishing.wordpress.terms import handle_field
from cms.publishing.wordpress.titles import plain_title

ENTRY_TYPE = "nav_menu_item"
TAXONOMY = "nav_menu"
MAX_DEPTH = 2
ADDRESS = re.compile(r"https?://[^/\s]|mailto:.|tel:.|/(?!/)|#", re.IGNORECASE)


def plan_menus(
    entries: list[ExportItem], index: ExportIndex, *, outside: Outside, report: Report
) -> Iterator[PlannedDocument]:
    """Yield each menu that has entries, as blocks `menu_link` with the target or the address of each.

    An entry whose target is not imported keeps its address, or is left out and counted when it has none.
    Menus here have two levels: what is deeper follows its parent on the second.
    """
    menus: dict[str, list[ExportItem]] = {}
    for entry in entries:
        slugs = [term.slug for term in entry.terms if term.taxonomy == TAXONOMY]
        if not slugs:
            report.skip(entry.source_key, "a menu entry that belongs to no menu")
        for slug in slugs:
            menus.setdefault(slug, []).append(entry)
    for slug, members in menus.items():
        key = f"menu:{slug}"
        title = index.menu_names.get(slug) or slug
        report.name(key, title)
        tree = _MenuTree(key, members, index, outside, report)
        yield PlannedDocument(
            key, "menu", title, "", {"name": title, **handle_field(slug), "links": tree.links()}, "publish"
        )


class _MenuTree:
    """Arrange the entries of one menu; an entry with a lost or circular parent stands at the top."""

    def __init__(
        self, key: str, members: list[ExportItem], index: ExportIndex, outside: Outside, report: Report
    ) -> None:
        self.key, self.index, self.outside, self.report = key, index, outside, report
        self.members = sorted(members, key=lambda entry: entry.menu_order)
        self.parents = {entry.id: _meta(entry, "menu_item_parent") for entry in self.members}
        for entry in self.members:
            if self._is_lost(entry.id):
                self.parents[entry.id] = ""

    def links(self, parent: str = "", depth: int = 1) -> list[Block]:
        """Return the entries below a parent, at the top for an empty one."""
        children = [entry for entry in self.members if self.parents[entry.id] == parent]
        return [link for entry in children for link in self._link(entry, depth)]

    def _is_lost(self, entry_id: str) -> bool:
        seen = {entry_id}
        parent = self.parents[entry_id]
        while parent in self.parents and parent not in seen:
            seen.add(parent)
            parent = self.parents[parent]
        return parent != ""

    def _link(self, entry: ExportItem, depth: int) -> list[Block]:
        """Return the entry with its children; an entry without a target hands its children up."""
        source_key = self._target(entry)
        target = self.outside.document_key(source_key) if source_key and source_key in self.index.titles else None
        url = _meta(entry, "url")
        label = plain_title(entry.title) or (self._title_of(source_key) if source_key else "") or url
        if not (target or ADDRESS.match(url)):
            self.report.count_unmapped("menu entry", label or entry.source_key, self.key)
            return self.links(entry.id, depth)
        children = self.links(entry.id, depth + 1)
        is_deepest = depth >= MAX_DEPTH
        if is_deepest and children:
            self.report.adjust(self.key, f"entries below level {MAX_DEPTH} of a menu follow their parent on that level")
        below = [] if is_deepest else children
        link = shapes.menu_link(label[: shapes.MAX_LABEL], target=target, url=url, children=below)
        return [link, *(children if is_deepest else [])]

    def _target(self, entry: ExportItem) -> str | None:
        kind, name, object_id = (_meta(entry, key) for key in ("type", "object", "object_id"))
        if kind == "post_type":
            return f"{name}:{object_id}" if f"{name}:{object_id}" in self.index.titles else None
        if kind == "taxonomy":
            return self._term_of(name, object_id)
        return self.index.links.find(_meta(entry, "url"), base=self.index.header.base_url)

    def _term_of(self, taxonomy: str, term_id: str) -> str | None:
        for term in self.index.terms.values():
            if term.taxonomy == taxonomy and term.id and term.id == term_id:
                return term_key(taxonomy, term.slug)
        return None

    def _title_of(self, source_key: str) -> str:
        term = self.index.terms.get(source_key)
        return term.name if term else self.index.titles.get(source_key, "")


def _meta(entry: ExportItem, name: str) -> str:
    """Return one setting of a menu entry; WordPress writes 0 for no parent."""
    value = next(iter(entry.meta_values(f"_menu_item_{name}")), "")
    return "" if name == "menu_item_parent" and value == "0" else value
