"""Exports of any version, with and without CDATA, are read; what is no export is refused with its line."""

import io
from collections import Counter
from datetime import UTC, datetime

import pytest

from cms.publishing.wordpress.reader import ExportError, read_export
from cms.publishing.wordpress.records import ExportAuthor, ExportHeader, ExportItem, ExportTerm

from .samples import FIXTURES, items_of, records_of

OPEN = '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>'


def read(text: str) -> list[object]:
    return list(read_export(io.BytesIO(text.encode())))


def test_the_header_comes_first_with_decoded_title() -> None:
    records = records_of("harbor.xml")

    assert records[0] == ExportHeader(title="Harbor & Sea", base_url="https://harbor.example", language="en-GB")


def test_every_entry_becomes_one_record() -> None:
    records = records_of("harbor.xml")

    assert Counter(type(record) for record in records) == {
        ExportHeader: 1,
        ExportAuthor: 1,
        ExportTerm: 4,
        ExportItem: 14,
    }


def test_an_author_has_login_email_and_name() -> None:
    records = records_of("harbor.xml")

    assert ExportAuthor(login="ada", email="ada@harbor.example", name="Ada Quay") in records


def test_terms_name_taxonomy_parent_and_decoded_name() -> None:
    terms = [record for record in records_of("harbor.xml") if isinstance(record, ExportTerm)]

    assert [(term.taxonomy, term.slug, term.name, term.parent) for term in terms] == [
        ("category", "boats", "Boats", "news"),
        ("category", "news", "News & notes", ""),
        ("post_tag", "fog", "Fog", ""),
        ("nav_menu", "main", "Main menu", ""),
    ]


def test_an_item_is_read_whole() -> None:
    page = items_of("harbor.xml")["21"]

    assert page.source_key == "page:21"
    assert (page.status, page.slug, page.parent_id, page.menu_order) == ("publish", "opening-hours", "20", 2)
    assert page.date == datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
    assert page.author == "ada"
    assert page.content.startswith("<!-- wp:paragraph -->")
    assert not page.has_password


def test_excerpt_and_content_are_told_apart() -> None:
    page = items_of("harbor.xml")["20"]

    assert page.excerpt == "How to <em>find</em> us"
    assert page.content.startswith("Come by boat.")


def test_repeated_meta_keys_are_all_kept() -> None:
    page = items_of("harbor.xml")["20"]

    assert page.meta_values("_wp_old_slug") == ["directions", "way"]


def test_zeros_as_utc_date_give_the_date_of_the_feed() -> None:
    post = items_of("harbor.xml")["30"]

    assert post.date == datetime(2024, 5, 1, 10, 0, tzinfo=UTC)


def test_a_draft_that_never_had_a_date_has_none() -> None:
    draft = items_of("harbor.xml")["35"]

    assert draft.date is None


def test_slugs_in_other_scripts_are_decoded() -> None:
    post = items_of("harbor.xml")["32"]

    assert post.slug == "שלום"


def test_comments_password_and_sticky_are_noticed() -> None:
    items = items_of("harbor.xml")

    assert items["30"].comment_count == 2
    assert items["30"].is_sticky
    assert items["33"].has_password


def test_an_export_with_https_and_without_cdata_is_read_alike() -> None:
    post = items_of("theme.xml")["7"]

    assert post.content == "<p>Escaped &amp; kept.</p>"
    assert post.author == "Theme Admin"
    assert post.date == datetime(2010, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [(term.taxonomy, term.name) for term in post.terms] == [("category", "Uncategorized")]


def test_terms_that_old_exports_repeat_without_domain_count_once() -> None:
    records = read(
        f"{OPEN}<item><category>Fog</category><category domain='tag' nicename='fog'>Fog</category>"
        "<wp:post_id>1</wp:post_id></item></channel></rss>"
    )

    assert isinstance(records[1], ExportItem)
    assert records[1].terms == (ExportTerm(taxonomy="post_tag", slug="fog", name="Fog"),)


def test_an_export_without_items_is_a_header() -> None:
    records = read(f"{OPEN}<title>Empty</title></channel></rss>")

    assert records == [ExportHeader(title="Empty", base_url="", language="")]


def test_entities_of_a_document_type_are_refused_with_the_line() -> None:
    with pytest.raises(ExportError, match="Line 7: the file defines XML entities"):
        records_of("bomb.xml")


def test_entities_are_refused_before_an_attribute_can_grow() -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + OPEN.replace("<rss", '<rss note="&b;"')

    with pytest.raises(ExportError, match="defines XML entities"):
        read(f"{bomb}</channel></rss>")


def test_a_truncated_export_tells_where_it_ends() -> None:
    with pytest.raises(ExportError, match="Line 58: the XML is broken or the file is truncated") as caught:
        records_of("truncated.xml")

    assert caught.value.line == 58


def test_what_came_before_the_break_was_readable() -> None:
    read_so_far: list[object] = []

    with (FIXTURES / "truncated.xml").open("rb") as file, pytest.raises(ExportError):
        read_so_far.extend(read_export(file))

    assert [record.id for record in read_so_far if isinstance(record, ExportItem)] == ["21", "20"]


@pytest.mark.parametrize("text", ["<html></html>", "<rss></rss>", "<rss xmlns:wp='http://elsewhere.example/'/>"])
def test_other_xml_is_refused(text: str) -> None:
    with pytest.raises(ExportError, match="not a WordPress export"):
        read(text)


@pytest.mark.parametrize("text", ["", "just words", f"{OPEN}<title>&nbsp;</title></channel></rss>"])
def test_what_is_no_xml_is_refused(text: str) -> None:
    with pytest.raises(ExportError, match="broken or the file is truncated"):
        read(text)
