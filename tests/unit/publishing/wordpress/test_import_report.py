"""The report counts by name and document, for people and for programs."""

import json

import pytest

from cms.publishing.wordpress.report import Report


def test_an_empty_report_has_every_key_and_a_short_text() -> None:
    report = Report()

    assert report.as_text() == "Documents: 0 created, 0 updated, 0 unchanged\n"
    assert list(report.as_dict()) == [
        "created",
        "updated",
        "unchanged",
        "skipped",
        "adjusted",
        "removed",
        "images_without_file",
        "unmapped",
        "comments",
        "renamed_slugs",
        "titles",
    ]


def test_counts_are_by_name_and_by_document() -> None:
    report = Report()
    report.record_action("post:1", "created")
    report.count_unmapped("block", "shop/cart", "post:1")
    report.count_unmapped("block", "shop/cart", "post:1")
    report.count_unmapped("block", "shop/cart", "post:2")

    result = report.as_dict()

    assert result["created"] == 1
    assert result["unmapped"] == {"block": {"shop/cart": {"count": 3, "documents": {"post:1": 2, "post:2": 1}}}}
    assert json.loads(json.dumps(result)) == result


def test_the_text_names_documents_by_title_and_shortens_long_lists() -> None:
    report = Report()
    report.name("post:1", "Fish")
    for number in range(1, 8):
        report.count_removed("<script>", f"post:{number}")
    report.rename_slug("post:1", "fish", "fish-2")
    report.count_comments("post:1", 3)

    assert report.as_text() == (
        "Documents: 0 created, 0 updated, 0 unchanged\n"
        "\n"
        "Removed by the sanitiser: 7\n"
        "  7 x <script>: post:1 (Fish), post:2, post:3 and 4 more\n"
        "\n"
        "Left out: 3\n"
        "  3 x comments: post:1 (Fish)\n"
        "\n"
        "Slugs that were taken: 1\n"
        "  post:1 (Fish): fish -> fish-2\n"
    )


def test_the_text_leaves_rare_kinds_to_the_json() -> None:
    report = Report()
    for number in range(1, 16):
        report.count_removed(f"<x-{number:02}>", "post:1")

    lines = report.as_text().splitlines()

    assert lines[-2:] == ["  1 x <x-12>: post:1", "  ... and 3 more kinds, in the report as JSON"]


def test_an_unknown_action_is_refused() -> None:
    with pytest.raises(ValueError, match="must be one of created, updated, unchanged"):
        Report().record_action("post:1", "lost")
