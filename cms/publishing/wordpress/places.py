"""Where does each document stand? Settles slugs and parents so that the tree has no gaps, circles or collisions."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from cms.content.slugs import MAX_VALID_LENGTH, is_valid_slug, propose_slug
from cms.publishing.wordpress.records import ExportItem
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.titles import plain_title

MAX_DEPTH = 19  # below the site; a deeper page moves up


@dataclass
class Places:
    """Keep slug and parent of every document by source key; final after `settle`."""

    slugs: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)

    def add(self, item: ExportItem) -> None:
        """Take in a post or page with the slug it had, or one made of its title or id."""
        key = item.source_key
        self.slugs[key] = clean_slug(item.slug) or clean_slug(plain_title(item.title)) or f"{item.type}-{item.id}"
        self.parents[key] = f"page:{item.parent_id}" if item.type == "page" and item.parent_id else None

    def settle(self, *, report: Report) -> None:
        """Make parents a tree and slugs unique among siblings; the first in the export keeps its slug."""
        for key, parent in self.parents.items():
            if parent is not None and parent not in self.parents:
                self.parents[key] = None
                report.adjust(key, f"placed at the top, because its parent {parent} is not imported")
        for key in self.parents:
            self._bring_to_top_if_lost(key, report)
        self._separate_slugs(report)

    def _bring_to_top_if_lost(self, key: str, report: Report) -> None:
        seen = {key}
        parent = self.parents[key]
        while parent is not None and parent not in seen and len(seen) <= MAX_DEPTH:
            seen.add(parent)
            parent = self.parents[parent]
        if parent is not None:
            reason = "its parents form a circle" if parent in seen else f"it is more than {MAX_DEPTH} levels deep"
            self.parents[key] = None
            report.adjust(key, f"placed at the top, because {reason}")

    def _separate_slugs(self, report: Report) -> None:
        taken: set[tuple[str, str | None, str]] = set()
        for key, wanted in self.slugs.items():
            place = (key.partition(":")[0], self.parents[key])
            slug, number = wanted, 1
            while (*place, slug) in taken:
                number += 1
                slug = f"{wanted[: MAX_VALID_LENGTH - len(str(number)) - 1].rstrip('-')}-{number}"
            taken.add((*place, slug))
            if slug != wanted:
                self.slugs[key] = slug
                report.rename_slug(key, wanted, slug)


def clean_slug(text: str) -> str:
    """Return the text itself if it is a slug, else one made of it; empty when it has no letters or digits."""
    slug = unicodedata.normalize("NFC", text.lower())
    return slug if is_valid_slug(slug) else propose_slug(text, type_key="", suffix="").strip("-")
