"""Which documents does an export become? Yields them one by one, each after what it stands under or refers to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cms.publishing.wordpress import items, menus, terms
from cms.publishing.wordpress.context import Outside
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.records import ExportItem, ExportRecord
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.survey import ExportIndex, becomes_document


def plan_documents(
    records: Iterable[ExportRecord], index: ExportIndex, *, outside: Outside, report: Report
) -> Iterator[PlannedDocument]:
    """Yield authors, categories, tags, then articles and pages as the export goes on, menus last.

    A page that comes before its parent waits for it, so that the importer can write in this very order.
    `index` comes from `survey` over the same export. Attachments are in `index.media` and yield nothing here.
    """
    yield from terms.plan_authors(index, report=report)
    yield from terms.plan_terms(index, outside=outside, report=report)
    entries: list[ExportItem] = []
    yield from _parents_first(_documents(records, index, outside, report, entries))
    yield from menus.plan_menus(entries, index, outside=outside, report=report)


def _documents(
    records: Iterable[ExportRecord], index: ExportIndex, outside: Outside, report: Report, entries: list[ExportItem]
) -> Iterator[PlannedDocument]:
    for record in records:
        if not isinstance(record, ExportItem):
            continue
        if record.type == menus.ENTRY_TYPE:
            entries.append(record)
        elif becomes_document(record):
            yield items.plan_item(record, index, outside=outside, report=report)
        else:
            items.report_skipped(record, report=report)


def _parents_first(documents: Iterable[PlannedDocument]) -> Iterator[PlannedDocument]:
    """Hold back only documents whose parent has not come yet."""
    sent: set[str] = set()
    waiting: dict[str, list[PlannedDocument]] = {}
    for document in documents:
        if document.parent_key is not None and document.parent_key not in sent:
            waiting.setdefault(document.parent_key, []).append(document)
            continue
        ready = [document]
        while ready:
            one = ready.pop(0)
            sent.add(one.source_key)
            yield one
            ready += waiting.pop(one.source_key, [])
