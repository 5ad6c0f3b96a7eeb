"""What did an import do, and what could it not do? Counts by name and by document, for people and for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

ACTIONS = ("created", "updated", "unchanged")
SHOWN_DOCUMENTS = 3  # in the text; the dictionary has all
SHOWN_LINES = 12
TEXT_SECTIONS = (
    ("skipped", "Skipped"),
    ("adjusted", "Imported, but differently"),
    ("removed", "Removed by the sanitiser"),
    ("images_without_file", "Images and files left at their original address"),
)


@dataclass
class Tally:
    """Count occurrences of one thing by document; `documents` keeps the order in which they came."""

    documents: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        """Return the occurrences in all documents."""
        return self.documents.total()

    def as_dict(self) -> dict[str, object]:
        """Return `{"count": 3, "documents": {"post:12": 2, "post:15": 1}}`."""
        return {"count": self.count, "documents": dict(self.documents)}


@dataclass
class Report:
    """Collect what happens during one import; documents are named by source key, like `post:12`."""

    titles: dict[str, str] = field(default_factory=dict)
    actions: Counter[str] = field(default_factory=Counter)
    sections: dict[str, dict[str, Tally]] = field(default_factory=dict)
    unmapped: dict[str, dict[str, Tally]] = field(default_factory=dict)
    comments: Tally = field(default_factory=Tally)
    renamed_slugs: list[dict[str, str]] = field(default_factory=list)

    def name(self, document: str, title: str) -> None:
        """Remember a document's title for the text."""
        self.titles[document] = title

    def record_action(self, document: str, action: str) -> None:
        """Count a written document; `action` is created, updated or unchanged."""
        if action not in ACTIONS:
            raise ValueError(f"The action of {document} must be one of {', '.join(ACTIONS)}, not {action!r}.")
        self.actions[action] += 1

    def skip(self, document: str, reason: str) -> None:
        """Record that an entry of the export becomes no document."""
        self._section("skipped", reason, document)

    def adjust(self, document: str, reason: str) -> None:
        """Record that a document differs from what the export says, such as a draft instead of a page in public."""
        self._section("adjusted", reason, document)

    def count_unmapped(self, kind: str, name: str, document: str) -> None:
        """Count something without a counterpart; `kind` is block, shortcode, meta, taxonomy, menu entry or setting."""
        self.unmapped.setdefault(kind, {}).setdefault(name, Tally()).documents[document] += 1

    def count_removed(self, what: str, document: str) -> None:
        """Count what the sanitiser took out, such as `<script>`."""
        self._section("removed", what, document)

    def miss_file(self, address: str, document: str) -> None:
        """List an image or file that is not at hand and keeps its original address."""
        self._section("images_without_file", address, document)

    def count_comments(self, document: str, count: int) -> None:
        """Count reader comments, which are not imported."""
        if count:
            self.comments.documents[document] += count

    def rename_slug(self, document: str, old: str, new: str) -> None:
        """List a document whose slug was taken."""
        self.renamed_slugs.append({"document": document, "from": old, "to": new})

    def as_dict(self) -> dict[str, object]:
        """Return everything as JSON-able data; keys never depend on what happened."""
        report: dict[str, object] = {action: self.actions[action] for action in ACTIONS}
        for key, _ in TEXT_SECTIONS:
            report[key] = _tallies(self.sections.get(key, {}))
        report["unmapped"] = {kind: _tallies(tallies) for kind, tallies in sorted(self.unmapped.items())}
        report["comments"] = self.comments.as_dict()
        report["renamed_slugs"] = list(self.renamed_slugs)
        report["titles"] = dict(self.titles)
        return report

    def as_text(self) -> str:
        """Return the report for people, most frequent first; empty sections are left out."""
        lines = ["Documents: " + ", ".join(f"{self.actions[action]} {action}" for action in ACTIONS)]
        for key, heading in TEXT_SECTIONS:
            lines += self._lines(heading, self.sections.get(key, {}))
        for kind, tallies in sorted(self.unmapped.items()):
            lines += self._lines(f"Without a counterpart here: {kind}", tallies)
        lines += self._lines("Left out", {"comments": self.comments} if self.comments.count else {})
        if self.renamed_slugs:
            lines += ["", f"Slugs that were taken: {len(self.renamed_slugs)}"]
            lines += [f"  {self._label(one['document'])}: {one['from']} -> {one['to']}" for one in self.renamed_slugs]
        return "\n".join(lines) + "\n"

    def _section(self, section: str, name: str, document: str) -> None:
        self.sections.setdefault(section, {}).setdefault(name, Tally()).documents[document] += 1

    def _lines(self, heading: str, tallies: dict[str, Tally]) -> list[str]:
        if not tallies:
            return []
        lines = ["", f"{heading}: {sum(tally.count for tally in tallies.values())}"]
        sorted_tallies = sorted(tallies.items(), key=lambda pair: (-pair[1].count, pair[0]))
        for name, tally in sorted_tallies[:SHOWN_LINES]:
            labels = [self._label(document) for document in list(tally.documents)[:SHOWN_DOCUMENTS]]
            more = len(tally.documents) - len(labels)
            lines.append(f"  {tally.count} x {name}: {', '.join(labels)}{f' and {more} more' if more > 0 else ''}")
        if len(tallies) > SHOWN_LINES:
            lines.append(f"  ... and {len(tallies) - SHOWN_LINES} more kinds, in the report as JSON")
        return lines

    def _label(self, document: str) -> str:
        title = self.titles.get(document)
        return f"{document} ({title[:60]})" if title else document


def _tallies(tallies: dict[str, Tally]) -> dict[str, object]:
    return {name: tally.as_dict() for name, tally in sorted(tallies.items())}
