"""Exports as WordPress makes them are planned whole; what is expected is counted by a reader of its own."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cms.content.richtext import FEATURES, sanitise
from cms.publishing.wordpress.context import Outside
from cms.publishing.wordpress.plan import plan_documents
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.reader import read_export
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.survey import ExportIndex, survey

EXPORTS = Path(__file__).parents[5] / "shared" / "data" / "wordpress"
THEME_UNIT = EXPORTS / "a11y-theme-unit-test-data.xml"
PREVIEW = EXPORTS / "theme-preview.xml"
NO_EXPORTS = "the exports of real sites are not in ../shared/data/wordpress"

pytestmark = pytest.mark.skipif(not THEME_UNIT.exists(), reason=NO_EXPORTS)


@dataclass
class Planned:
    index: ExportIndex
    documents: dict[str, PlannedDocument]
    report: Report


def clean(html: str, *, block: str) -> tuple[str, Sequence[str]]:
    return sanitise(html, list(FEATURES))


def plan(path: Path) -> Planned:
    report = Report()
    with path.open("rb") as file:
        index = survey(read_export(file), report=report)
    outside = Outside(clean, lambda source_key: f"key-of-{source_key}", lambda address: None)
    with path.open("rb") as file:
        documents = list(plan_documents(read_export(file), index, outside=outside, report=report))
    return Planned(index, {document.source_key: document for document in documents}, report)


@pytest.fixture(scope="module")
def theme_unit() -> Planned:
    return plan(THEME_UNIT)


@pytest.fixture(scope="module")
def preview() -> Planned:
    return plan(PREVIEW)


def plain_items(path: Path) -> Iterator[dict[str, str]]:
    """Read the items with nothing of ours: local names and texts; terms as `domain:nicename`."""
    for entry in ElementTree.parse(path).getroot().iter("item"):
        values = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in entry}
        yield values | {
            "terms": " ".join(
                sorted({f"{child.get('domain')}:{child.get('nicename')}" for child in entry.findall("category")})
            ),
            "content": entry.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or "",
            "comments": str(sum(child.tag.endswith("}comment") for child in entry)),
        }


def expected_status(values: dict[str, str]) -> str:
    if values.get("post_password"):
        return "draft"
    return {"publish": "publish", "future": "schedule"}.get(values["status"], "draft")


def test_every_post_and_page_is_planned_with_the_right_status(theme_unit: Planned) -> None:
    entries = [values for values in plain_items(THEME_UNIT) if values["post_type"] in ("post", "page")]

    expected = {f"{values['post_type']}:{values['post_id']}": expected_status(values) for values in entries}
    actual = {key: one.status for key, one in theme_unit.documents.items() if one.type_key in ("article", "page")}
    assert len(expected) == 65
    assert actual == expected
    assert Counter(actual.values()) == {"publish": 62, "draft": 2, "schedule": 1}


def test_titles_dates_authors_and_parents_are_those_of_the_export(theme_unit: Planned) -> None:
    for values in plain_items(THEME_UNIT):
        if values["post_type"] not in ("post", "page"):
            continue
        document = theme_unit.documents[f"{values['post_type']}:{values['post_id']}"]
        has_parent = values["post_type"] == "page" and values["post_parent"] != "0"

        assert document.title == html.unescape(values["title"])
        assert document.date is not None
        assert f"{document.date:%Y-%m-%d %H:%M:%S}" == values["post_date_gmt"]
        assert document.author_key == f"author:{values['creator']}"
        assert document.parent_key == (f"page:{values['post_parent']}" if has_parent else None)


def test_every_article_keeps_its_categories_and_tags(theme_unit: Planned) -> None:
    for values in plain_items(THEME_UNIT):
        if values["post_type"] != "post":
            continue
        document = theme_unit.documents[f"post:{values['post_id']}"]
        categories, tags = document.fields["categories"], document.fields["tags"]
        terms = values["terms"].split()

        assert isinstance(categories, list)
        assert isinstance(tags, list)
        assert sorted(categories) == [
            f"key-of-category:{term.removeprefix('category:')}" for term in terms if term.startswith("category:")
        ]
        assert sorted(tags) == [
            f"key-of-tag:{term.removeprefix('post_tag:')}" for term in terms if term.startswith("post_tag:")
        ]


def test_attachments_menus_and_comments_are_counted(theme_unit: Planned) -> None:
    entries = list(plain_items(THEME_UNIT))
    attachments = {values["post_id"] for values in entries if values["post_type"] == "attachment"}

    assert len(attachments) == 39
    assert set(theme_unit.index.media.media) == attachments
    assert [key for key in theme_unit.documents if key.startswith("menu:")] == [
        "menu:testing-menu",
        "menu:short",
        "menu:all-pages",
    ]
    assert theme_unit.report.comments.count == sum(int(values["comments"]) for values in entries) == 29


@pytest.mark.parametrize("path", [THEME_UNIT, PREVIEW])
def test_no_word_of_any_content_is_lost(path: Path) -> None:
    documents = plan(path).documents

    lost = {}
    for values in plain_items(path):
        if values["post_type"] in ("post", "page"):
            key = f"{values['post_type']}:{values.get('post_id') or values['link'].rpartition('=')[2]}"
            missing = words_of(values["content"]) - words_of(*texts_of(documents[key].fields["body"]))
            lost |= {key: missing} if missing else {}
    assert lost == {}


def texts_of(value: object) -> Iterator[str]:
    """Yield every text in blocks as HTML, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict) and "code" in value:
        yield html.escape(value["code"])
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts_of(inner)


def words_of(*sources: str) -> set[str]:
    """Return the words that readers see; not shortcodes, nor what a tag or a comment says."""
    hidden = r"<!--.*?-->|<[^>]+>|\[/?(?:gallery|caption)[^]]*\]"
    shown = (re.sub(hidden, " ", source, flags=re.DOTALL) for source in sources)
    return set(re.findall(r"\w{3,}", html.unescape(" ".join(shown))))


def test_unmapped_blocks_are_those_without_a_counterpart(theme_unit: Planned) -> None:
    assert {name: tally.count for name, tally in theme_unit.report.unmapped["block"].items()} == {
        "latest-posts": 3,
        "archives": 2,
        "latest-comments": 2,
        "spacer": 2,
        "categories": 1,
        "more": 1,
        "nextpage": 1,
    }


def test_an_export_without_ids_slugs_and_utc_dates_is_planned_too(preview: Planned) -> None:
    entries = list(plain_items(PREVIEW))

    articles = [one for one in preview.documents.values() if one.type_key == "article"]
    assert [one.title for one in articles] == [html.unescape(values["title"]) for values in entries]
    assert {one.source_key for one in articles} == {f"post:{values['link'].rpartition('=')[2]}" for values in entries}
    assert all(one.status == "publish" and one.slug and one.date for one in articles)
    assert Counter(one.type_key for one in preview.documents.values()) == {"category": 9, "article": 7, "author": 1}
