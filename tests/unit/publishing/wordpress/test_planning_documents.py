"""An export becomes documents in the right order, at the right place, and never more public than they were."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.report import Report

from .samples import item, planned, records_of


@pytest.fixture
def report() -> Report:
    return Report()


@pytest.fixture
def harbor(report: Report) -> dict[str, PlannedDocument]:
    return planned(records_of("harbor.xml"), report)[1]


def test_documents_come_after_what_they_need(harbor: dict[str, PlannedDocument]) -> None:
    assert list(harbor) == [
        "author:ada",
        "author:ben",
        "category:news",
        "category:boats",
        "tag:fog",
        "tag:storm",
        "page:20",
        "page:21",
        "post:30",
        "post:31",
        "post:32",
        "post:33",
        "post:34",
        "post:35",
        "menu:main",
    ]


def test_each_kind_of_entry_has_its_type(harbor: dict[str, PlannedDocument]) -> None:
    types = {key.partition(":")[0]: document.type_key for key, document in harbor.items()}

    assert types == {
        "author": "author",
        "category": "category",
        "tag": "tag",
        "page": "page",
        "post": "article",
        "menu": "menu",
    }


def test_only_what_was_public_is_published(harbor: dict[str, PlannedDocument]) -> None:
    statuses = {key: document.status for key, document in harbor.items() if document.type_key in ("page", "article")}

    assert statuses == {
        "page:20": "publish",
        "page:21": "publish",
        "post:30": "publish",
        "post:31": "publish",
        "post:32": "draft",
        "post:33": "draft",
        "post:34": "schedule",
        "post:35": "draft",
    }
    assert harbor["post:33"].reasons == ("a draft, because it is protected by a password",)
    assert harbor["post:32"].reasons == ("a draft, because its status is private",)


def test_titles_stay_intact(harbor: dict[str, PlannedDocument]) -> None:
    assert harbor["post:30"].title == "Fish & chips: 5 < 6, “fresh” and hot &amp; loud"
    assert harbor["post:31"].title == ""
    assert harbor["post:32"].title == "🐟 שלום עולם مرحبا"


def test_a_very_long_title_is_not_cut(report: Report) -> None:
    _, documents = planned([item("1", title="sea " * 500 + "end")], report)

    assert documents["page:1"].fields["title"] == "sea " * 500 + "end"


def test_slugs_are_those_of_the_export_or_made(harbor: dict[str, PlannedDocument], report: Report) -> None:
    slugs = {key: document.slug for key, document in harbor.items() if document.type_key in ("page", "article")}

    assert slugs == {
        "page:20": "visit",
        "page:21": "opening-hours",
        "post:30": "fish",
        "post:31": "post-31",
        "post:32": "שלום",
        "post:33": "fish-2",
        "post:34": "regatta",
        "post:35": "idea",
    }
    assert report.renamed_slugs == [{"document": "post:33", "from": "fish", "to": "fish-2"}]


def test_the_same_slug_under_two_parents_is_kept(report: Report) -> None:
    pages = [item("1"), item("2"), item("3", slug="map", parent_id="1"), item("4", slug="map", parent_id="2")]

    _, documents = planned(pages, report)

    assert [document.slug for document in documents.values()] == ["page-1", "page-2", "map", "map"]
    assert report.renamed_slugs == []


def test_pages_keep_their_tree_and_former_paths(harbor: dict[str, PlannedDocument]) -> None:
    assert harbor["page:21"].parent_key == "page:20"
    assert harbor["page:20"].parent_key is None
    assert harbor["page:20"].former_paths == ("/visit/", "/directions/", "/way/")
    assert harbor["post:34"].former_paths == ()


def test_a_page_whose_parent_is_not_imported_stands_at_the_top(report: Report) -> None:
    _, documents = planned([item("1", parent_id="9"), item("9", status="trash")], report)

    assert documents["page:1"].parent_key is None
    assert list(report.sections["adjusted"]) == ["placed at the top, because its parent page:9 is not imported"]


def test_a_circle_of_parents_is_opened(report: Report) -> None:
    _, documents = planned([item("1", parent_id="2"), item("2", parent_id="1")], report)

    assert {key: document.parent_key for key, document in documents.items()} == {"page:1": None, "page:2": "page:1"}
    assert list(report.sections["adjusted"]) == ["placed at the top, because its parents form a circle"]


def test_an_article_has_author_terms_summary_and_day(harbor: dict[str, PlannedDocument]) -> None:
    fields = harbor["post:30"].fields

    assert fields["authors"] == ["key-of-author:ben"]
    assert fields["categories"] == ["key-of-category:boats"]
    assert fields["tags"] == ["key-of-tag:fog", "key-of-tag:storm"]
    assert fields["day"] == "2024-05-01"
    assert harbor["page:20"].fields["summary"] == "How to find us"
    assert harbor["post:30"].date == datetime(2024, 5, 1, 10, 0, tzinfo=UTC)


def test_links_between_documents_become_links_to_documents(harbor: dict[str, PlannedDocument]) -> None:
    assert harbor["post:30"].fields["body"] == [
        {
            "type": "paragraph",
            "value": {
                "html": 'Back to <a href="cms:document/key-of-page:20#map">the way here</a>, '
                '<a href="https://elsewhere.example/">elsewhere</a>.'
            },
        }
    ]


def test_authors_and_terms_that_are_only_used_are_planned_too(harbor: dict[str, PlannedDocument]) -> None:
    assert harbor["author:ada"].email == "ada@harbor.example"
    assert harbor["author:ben"].title == "ben"
    assert "email" not in harbor["author:ada"].fields
    assert harbor["category:boats"].fields == {
        "name": "Boats",
        "handle": "boats",
        "broader": "key-of-category:news",
        "description": "",
    }
    assert harbor["category:news"].fields["description"] == "What happens here"


def test_a_menu_links_documents_and_addresses(harbor: dict[str, PlannedDocument], report: Report) -> None:
    below = {"type": "menu_link", "value": {"label": "Opening hours", "children": [], "target": "key-of-page:21"}}

    assert harbor["menu:main"].fields == {
        "name": "Main menu",
        "handle": "main",
        "links": [
            {
                "type": "menu_link",
                "value": {"label": "Find us", "children": [below], "url": "https://maps.example/harbor"},
            }
        ],
    }
    assert report.unmapped["menu entry"]["News"].count == 1


def test_menus_deeper_than_two_levels_lose_no_entry(report: Report) -> None:
    def entry(number: int, parent: int) -> object:
        meta = {"type": "custom", "url": f"https://a.example/{number}", "menu_item_parent": str(parent)}
        (term,) = (term for term in records_of("harbor.xml") if getattr(term, "taxonomy", "") == "nav_menu")
        return item(
            str(number),
            type="nav_menu_item",
            title=str(number),
            terms=(term,),
            meta=tuple((f"_menu_item_{name}", value) for name, value in meta.items()),
        )

    _, documents = planned([entry(1, 0), entry(2, 1), entry(3, 2), entry(4, 99)], report)  # type: ignore[list-item]

    links: Any = documents["menu:main"].fields["links"]
    labels = [(link["value"]["label"], [one["value"]["label"] for one in link["value"]["children"]]) for link in links]
    assert labels == [("1", ["2", "3"]), ("4", [])]


def test_what_is_not_imported_is_named(harbor: dict[str, PlannedDocument], report: Report) -> None:
    result = report.as_dict()

    assert harbor
    assert result["skipped"] == {
        "in the trash of WordPress": {"count": 1, "documents": {"post:36": 1}},
        "there is no type for the post type timetable": {"count": 1, "documents": {"timetable:37": 1}},
    }
    assert result["comments"] == {"count": 2, "documents": {"post:30": 2}}
    assert {kind: list(names) for kind, names in report.unmapped.items()} == {
        "meta": ["_wp_page_template"],
        "setting": ["sticky"],
        "taxonomy": ["post_format"],
        "post type": ["timetable"],
        "menu entry": ["News"],
    }
    assert result["images_without_file"] == {
        "https://harbor.example/wp-content/uploads/2024/05/gull.jpg": {"count": 1, "documents": {"post:30": 1}}
    }


def test_a_long_excerpt_is_cut_at_a_word_and_reported(report: Report) -> None:
    _, documents = planned([item("1", excerpt="wave " * 200)], report)

    summary = str(documents["page:1"].fields["summary"])
    assert len(summary) <= 500
    assert summary.endswith("wave…")
    assert list(report.sections["adjusted"]) == ["the excerpt is cut to 500 characters"]


def test_a_post_in_the_future_without_a_date_is_a_draft(report: Report) -> None:
    _, documents = planned([item("1", type="post", status="future")], report)

    assert documents["post:1"].status == "draft"
