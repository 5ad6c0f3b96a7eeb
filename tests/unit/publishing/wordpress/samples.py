"""What the tests of the WordPress import share: an importer that knows nothing but what a test tells it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from cms.publishing.wordpress.attachments import MediaIndex
from cms.publishing.wordpress.context import Context, Outside
from cms.publishing.wordpress.links import LinkIndex
from cms.publishing.wordpress.mapper import map_content
from cms.publishing.wordpress.plan import plan_documents
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.reader import read_export
from cms.publishing.wordpress.records import ExportItem, ExportRecord
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.shapes import Block
from cms.publishing.wordpress.survey import ExportIndex, survey

FIXTURES = Path(__file__).parents[3] / "fixtures" / "wordpress"


def sanitize(html: str, *, block: str) -> tuple[str, Sequence[str]]:
    """Take out the one thing that tests call dangerous."""
    return html.replace("<evil></evil>", ""), ["<evil>"] * html.count("<evil></evil>")


def outside(assets: Mapping[str, str] | None = None) -> Outside:
    """Know every document as `key of <source key>` and only the given files."""
    return Outside(sanitize, lambda source_key: f"key-of-{source_key}", (assets or {}).get)


def blocks_of(content: str, *, assets: Mapping[str, str] | None = None, report: Report | None = None) -> list[Block]:
    """Map a content of its own, outside of any export."""
    report = report if report is not None else Report()
    return map_content(Context(outside(assets), LinkIndex(), MediaIndex(), "post:1", report=report), content)


def records_of(name: str) -> list[ExportRecord]:
    """Read one of the exports of the fixtures."""
    with (FIXTURES / name).open("rb") as file:
        return list(read_export(file))


def items_of(name: str) -> dict[str, ExportItem]:
    """Return the items of an export by id."""
    return {record.id: record for record in records_of(name) if isinstance(record, ExportItem)}


def planned(records: Sequence[ExportRecord], report: Report) -> tuple[ExportIndex, dict[str, PlannedDocument]]:
    """Plan an export; the documents are in the order in which they would be written."""
    index = survey(records, report=report)
    documents = plan_documents(records, index, outside=outside(), report=report)
    return index, {document.source_key: document for document in documents}


def item(item_id: str, **changes: object) -> ExportItem:
    """Make a published page with nothing in it."""
    values: dict[str, object] = {
        "type": "page",
        "status": "publish",
        "title": f"Page {item_id}",
        "slug": f"page-{item_id}",
        "link": f"https://harbor.example/page-{item_id}/",
        "parent_id": "",
        "menu_order": 0,
        "date": None,
        "has_password": False,
        "author": "",
        "content": "",
        "excerpt": "",
        **changes,
    }
    return ExportItem(id=item_id, **values)  # type: ignore[arg-type]
