"""Addresses of the exported site are recognised in every way WordPress writes them."""

import pytest

from cms.publishing.wordpress.attachments import MediaIndex, relative_path
from cms.publishing.wordpress.context import Context
from cms.publishing.wordpress.links import LinkIndex
from cms.publishing.wordpress.mapper import map_content
from cms.publishing.wordpress.report import Report

from .samples import item, outside

UPLOADS = "https://harbor.example/wp-content/uploads/2024/05/"


@pytest.fixture
def links() -> LinkIndex:
    index = LinkIndex()
    index.add_host("https://www.harbor.example")
    index.add("page:20", item_id="20", link="https://harbor.example/visit/", old_slugs=["way"])
    index.add("post:30", item_id="30", link="https://harbor.example/2024/05/fish/", old_slugs=[])
    return index


@pytest.mark.parametrize(
    ("address", "source_key"),
    [
        ("https://harbor.example/visit/", "page:20"),
        ("http://www.harbor.example/visit", "page:20"),
        ("/visit/?print=1", "page:20"),
        ("/way/", "page:20"),
        ("../../../visit/#map", "page:20"),
        ("/?p=30", "post:30"),
        ("https://harbor.example/?page_id=20", "page:20"),
        ("https://harbor.example/2024/05/fish/", "post:30"),
        ("https://elsewhere.example/visit/", None),
        ("/unknown/", None),
        ("/?p=99", None),
        ("#map", None),
        ("mailto:ada@harbor.example", None),
        ("http://[broken", None),
        ("https://harbor.example/", None),
    ],
)
def test_an_address_finds_its_document(links: LinkIndex, address: str, source_key: str | None) -> None:
    assert links.find(address, base="https://harbor.example/2024/05/fish/") == source_key


def test_links_in_a_text_become_links_to_documents(links: LinkIndex) -> None:
    context = Context(outside(), links, MediaIndex(), "post:30", link="https://harbor.example/2024/05/fish/")

    blocks = map_content(
        context, """<p><a class='x' href='/?p=20#map'>a</a> <a href="https://b.example/?x&amp;y">b</a></p>"""
    )

    assert blocks == [
        {
            "type": "paragraph",
            "value": {
                "html": '<a class="x" href="cms:document/key-of-page:20#map">a</a> '
                '<a href="https://b.example/?x&amp;y">b</a>'
            },
        }
    ]


def test_a_button_to_a_document_holds_the_document(links: LinkIndex) -> None:
    context = Context(outside(), links, MediaIndex(), "post:30")

    blocks = map_content(context, '<!-- wp:button --><a href="https://harbor.example/visit/">Go</a><!-- /wp:button -->')

    assert blocks == [{"type": "button", "value": {"label": "Go", "target": "key-of-page:20"}}]


@pytest.mark.parametrize(
    "address",
    [
        f"{UPLOADS}gull.jpg",
        f"{UPLOADS}gull-300x200.jpg",
        f"{UPLOADS}gull-scaled.jpg",
        f"{UPLOADS}gull.jpg?w=600",
        "http://cdn.example/harbor.example/uploads/2024/05/gull.jpg",
    ],
)
def test_an_image_is_found_by_all_its_addresses(address: str) -> None:
    media = MediaIndex()
    planned = media.add(item("40", type="attachment", attachment_url=f"{UPLOADS}gull.jpg"))

    assert media.find(address) == planned
    assert media.find(f"{UPLOADS}other.jpg") is None


def test_an_attachment_brings_its_texts() -> None:
    attachment = item(
        "40",
        type="attachment",
        title="A gull",
        attachment_url=f"{UPLOADS}gull.jpg",
        excerpt="On a rope",
        content="A <i>gull</i>",
        meta=(("_wp_attachment_image_alt", "Gull &amp; rope"),),
    )

    planned = MediaIndex().add(attachment)

    assert (planned.source_key, planned.title, planned.alt) == ("attachment:40", "A gull", "Gull & rope")
    assert (planned.caption, planned.description) == ("On a rope", "A gull")
    assert planned.relative_path == "2024/05/gull.jpg"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://a.example/wp-content/uploads/sites/2/2024/05/a%20b.jpg", "sites/2/2024/05/a b.jpg"),
        ("https://a.files.example/2024/05/a.jpg", "2024/05/a.jpg"),
        ("https://a.example/a.jpg", "a.jpg"),
        ("https://a.example/uploads/../../etc/passwd", "etc/passwd"),
        ("https://a.example/uploads/%2e%2e/%2e%2e/etc/passwd", "etc/passwd"),
        ("http://[broken", ""),
    ],
)
def test_the_place_of_a_file_never_leaves_the_folder(url: str, path: str) -> None:
    assert relative_path(url) == path


def test_a_gallery_shortcode_shows_the_attachments_of_its_post_or_the_given_ones() -> None:
    media = MediaIndex()
    media.add(item("40", type="attachment", attachment_url=f"{UPLOADS}b.jpg", parent_id="1", menu_order=2))
    media.add(item("41", type="attachment", attachment_url=f"{UPLOADS}a.jpg", parent_id="1", menu_order=1))
    report = Report()
    assets = {f"{UPLOADS}a.jpg": "asset-a", f"{UPLOADS}b.jpg": "asset-b"}
    context = Context(outside(assets), LinkIndex(), media, "post:1", "1", report=report)

    own, given = map_content(context, '[gallery]\n\n[gallery ids="40, 99"]')

    assert [image["asset"] for image in own["value"]["images"]] == ["asset-a", "asset-b"]  # type: ignore[index]
    assert [image["asset"] for image in given["value"]["images"]] == ["asset-b"]  # type: ignore[index]
    assert report.unmapped["setting"]["gallery image 99 is not in the export"].count == 1
