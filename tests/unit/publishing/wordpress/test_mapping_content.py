"""Contents of WordPress, classic and new, become our blocks; nothing that shows is lost."""

import pytest

from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.shapes import Block

from .samples import blocks_of

BOAT = "https://harbor.example/wp-content/uploads/2024/05/boat.jpg"
TABLE = '<table><tr><td rowspan="2">1</td></tr></table>'
ASSETS = {BOAT: "asset-1"}


def paragraph(html: str) -> Block:
    return {"type": "paragraph", "value": {"html": html}}


def wp(name: str, html: str, attrs: str = "") -> str:
    return f"<!-- wp:{name} {attrs} -->{html}<!-- /wp:{name} -->"


def media(alt: str | None) -> dict[str, object]:
    return {"asset": "asset-1", "alt": alt, "decorative": False, "focal": None}


@pytest.mark.parametrize(
    ("content", "block_type", "value"),
    [
        (wp("paragraph", "<p>To <em>sea</em></p>"), "paragraph", {"html": "To <em>sea</em>"}),
        (wp("heading", "<h3>The <b>quay</b></h3>", '{"level":3}'), "heading", {"text": "The quay", "level": "3"}),
        (wp("heading", "<h1>Quay</h1>"), "heading", {"text": "Quay", "level": "2"}),
        (wp("list", "<ol><li>a</li></ol>"), "list", {"html": "<ol><li>a</li></ol>"}),
        (
            wp("list", f"<ul>{wp('list-item', '<li>a</li>')}</ul>"),
            "list",
            {"html": "<ul><li>a</li></ul>"},
        ),
        (
            wp("quote", f"<blockquote>{wp('paragraph', '<p>One.</p>')}<p>Two.</p><cite>Ben</cite></blockquote>"),
            "quote",
            {"text": "One.\n\nTwo.", "source": "Ben"},
        ),
        (
            wp("pullquote", "<figure><blockquote><p>One.</p></blockquote></figure>"),
            "quote",
            {"text": "One.", "source": ""},
        ),
        (
            wp("table", f"<figure>{TABLE}<figcaption>Tides</figcaption></figure>"),
            "table",
            {"html": TABLE, "caption": "Tides"},
        ),
        (
            wp("code", '<pre class="wp-block-code"><code lang="x">a &lt; b\n  c</code></pre>'),
            "code",
            {"code": "a < b\n  c", "language": ""},
        ),
        (
            wp("code", '<pre class="language-python"><code>pass</code></pre>'),
            "code",
            {"code": "pass", "language": "python"},
        ),
        (
            wp("embed", "<figure>x<figcaption>A film</figcaption></figure>", '{"url":"https://youtu.be/1"}'),
            "embed",
            {"url": "https://youtu.be/1", "title": "", "caption": "A film"},
        ),
        (
            wp("core-embed/vimeo", "<figure><div>\nhttps://vimeo.com/1\n</div></figure>"),
            "embed",
            {"url": "https://vimeo.com/1", "title": "", "caption": ""},
        ),
        (
            wp("buttons", "<div>" + wp("button", '<div><a href="https://a.example/">Go</a></div>') + "</div>"),
            "button",
            {"label": "Go", "url": "https://a.example/"},
        ),
        (wp("html", "<address>a</address>"), "html", {"html": "<address>a</address>"}),
        (wp("separator", '<hr class="wide"/>'), "html", {"html": '<hr class="wide">'}),
        (wp("verse", "<pre>a <em>b</em></pre>"), "html", {"html": "<pre>a <em>b</em></pre>"}),
    ],
)
def test_a_core_block_becomes_ours(content: str, block_type: str, value: dict[str, object]) -> None:
    report = Report()

    blocks = blocks_of(content, report=report)

    assert blocks == [{"type": block_type, "value": value}]
    assert report.unmapped == {}


def test_an_image_with_its_file_becomes_an_image_block() -> None:
    figure = f'<figure><img src="{BOAT}" alt="A boat"/><figcaption>At <em>dawn</em></figcaption></figure>'

    blocks = blocks_of(wp("image", figure), assets=ASSETS)

    assert blocks == [{"type": "image", "value": {"image": media("A boat"), "caption": "At dawn"}}]


def test_the_link_around_an_image_is_kept_unless_it_leads_to_the_image() -> None:
    linked = blocks_of(f'<a href="https://a.example/x"><img src="{BOAT}" alt=""></a>', assets=ASSETS)
    enlarged = blocks_of(f'<a href="{BOAT}"><img src="{BOAT}" alt=""></a>', assets=ASSETS)

    assert linked == [{"type": "image", "value": {"image": media(None), "caption": "", "link": "https://a.example/x"}}]
    assert enlarged == [{"type": "image", "value": {"image": media(None), "caption": ""}}]


def test_an_image_without_its_file_keeps_its_address_and_is_listed() -> None:
    report = Report()

    blocks = blocks_of(f'<figure><img src="{BOAT}" alt="A boat"></figure>', report=report)

    assert blocks == [{"type": "html", "value": {"html": f'<figure><img src="{BOAT}" alt="A boat"></figure>'}}]
    assert report.as_dict()["images_without_file"] == {BOAT: {"count": 1, "documents": {"post:1": 1}}}


def test_a_gallery_becomes_a_gallery_of_all_its_images() -> None:
    figures = f'<figure><figure><img src="{BOAT}" alt="1"></figure><figure><img src="{BOAT}" alt="2"></figure></figure>'

    blocks = blocks_of(wp("gallery", figures), assets=ASSETS)

    assert blocks == [{"type": "gallery", "value": {"images": [media("1"), media("2")], "caption": ""}}]


def test_a_file_block_becomes_a_file() -> None:
    blocks = blocks_of(wp("file", f'<div><a href="{BOAT}">Plan</a><a href="{BOAT}">Get</a></div>'), assets=ASSETS)

    assert blocks == [{"type": "file", "value": {"file": media(None), "label": "Plan"}}]


def test_columns_hold_what_their_columns_hold() -> None:
    left, right = wp("column", wp("paragraph", "<p>L</p>")), wp("column", wp("paragraph", "<p>R</p>"))

    blocks = blocks_of(wp("columns", f"<div>{left}{right}</div>"))

    columns = [{"type": "column", "value": {"content": [paragraph(text)]}} for text in ("L", "R")]
    assert blocks == [{"type": "columns", "value": {"columns": columns}}]


def test_a_single_column_and_columns_inside_columns_are_flattened() -> None:
    single = wp("columns", wp("column", wp("paragraph", "<p>One</p>")))
    inner = wp("columns", wp("column", wp("paragraph", "<p>A</p>")) + wp("column", wp("paragraph", "<p>B</p>")))
    outer = wp("columns", wp("column", inner) + wp("column", wp("paragraph", "<p>C</p>")))

    assert blocks_of(single) == [paragraph("One")]
    (columns,) = blocks_of(outer)
    assert columns["value"] == {
        "columns": [
            {"type": "column", "value": {"content": [paragraph("A"), paragraph("B")]}},
            {"type": "column", "value": {"content": [paragraph("C")]}},
        ]
    }


def test_a_cover_becomes_its_picture_and_its_text() -> None:
    content = wp("cover", "<div><p>Ahoy</p></div>", f'{{"url":"{BOAT}"}}')

    blocks = blocks_of(content, assets=ASSETS)

    assert blocks == [{"type": "image", "value": {"image": media(None), "caption": ""}}, paragraph("Ahoy")]


def test_media_and_text_become_image_and_paragraph() -> None:
    html = f'<div><figure><img src="{BOAT}" alt="b"></figure><div>{wp("paragraph", "<p>Ahoy</p>")}</div></div>'

    blocks = blocks_of(wp("media-text", html), assets=ASSETS)

    assert [block["type"] for block in blocks] == ["image", "paragraph"]


def test_an_unknown_block_becomes_one_html_block_and_is_counted() -> None:
    report = Report()

    blocks = blocks_of(wp("shop/cart", f"<div>Cart {wp('paragraph', '<p>x</p>')}</div>"), report=report)

    assert blocks == [{"type": "html", "value": {"html": "<div>Cart <p>x</p></div>"}}]
    assert report.as_dict()["unmapped"] == {"block": {"shop/cart": {"count": 1, "documents": {"post:1": 1}}}}


def test_an_unknown_block_that_shows_nothing_is_only_counted() -> None:
    report = Report()

    blocks = blocks_of('<!-- wp:latest-posts {"postsToShow":3} /-->', report=report)

    assert blocks == []
    assert report.unmapped["block"]["latest-posts"].count == 1


def test_what_the_sanitiser_removes_is_counted_by_document() -> None:
    report = Report()

    blocks = blocks_of("<p>a<evil></evil>b</p>", report=report)

    assert blocks == [paragraph("ab")]
    assert report.as_dict()["removed"] == {"<evil>": {"count": 1, "documents": {"post:1": 1}}}


def test_blank_lines_make_paragraphs_and_line_ends_breaks() -> None:
    blocks = blocks_of("One & <b>two</b>\nthree\r\n\r\nfour <i>five\n\nsix</i>")

    assert blocks == [
        paragraph("One &amp; <b>two</b><br>three"),
        paragraph("four <i>five<br><br>six</i>"),
    ]


def test_classic_markup_is_split_into_blocks() -> None:
    blocks = blocks_of("Intro\n<h2>Quay</h2>\nText\n<ul>\n<li>a</li>\n</ul>\n<!--more-->\nEnd")

    assert [block["type"] for block in blocks] == ["paragraph", "heading", "paragraph", "list", "paragraph"]


def test_definitions_become_paragraphs_with_strong_terms() -> None:
    blocks = blocks_of("<dl><dt>Ebb</dt><dd>Water <em>falls</em></dd></dl>")

    assert blocks == [paragraph("<strong>Ebb</strong>"), paragraph("Water <em>falls</em>")]


@pytest.mark.parametrize("tag", ["<div>", "<blockquote>", "<ul><li>", "<b>", "<table><tr><td>"])
@pytest.mark.parametrize("depth", [55, 5000])
def test_deep_nesting_loses_no_text(tag: str, depth: int) -> None:
    assert "deep water" in str(blocks_of(tag * depth + "deep water"))


def test_elements_that_are_never_closed_do_not_count_as_nesting() -> None:
    assert len(blocks_of("<p>a<br>b" * 300)) == 300


def test_boxes_that_only_lay_out_are_unwrapped() -> None:
    blocks = blocks_of("<div><section><p>a</p>b</section></div>")

    assert blocks == [paragraph("a"), paragraph("b")]


def test_an_image_inside_a_text_stands_before_the_text() -> None:
    blocks = blocks_of(f'<p>Look <img src="{BOAT}" alt="b"> here</p>', assets=ASSETS)

    assert [block["type"] for block in blocks] == ["image", "paragraph"]
    assert blocks[1] == paragraph("Look  here")


def test_an_address_alone_on_its_line_is_embedded_when_its_host_is_known() -> None:
    blocks = blocks_of("https://www.youtube.com/watch?v=1\n\nhttps://a.example/x")

    assert blocks == [
        {"type": "embed", "value": {"url": "https://www.youtube.com/watch?v=1", "title": "", "caption": ""}},
        paragraph("https://a.example/x"),
    ]


def test_a_frame_becomes_an_embed_with_its_title() -> None:
    blocks = blocks_of('<iframe src="//player.example/1" title="Film"></iframe>')

    assert blocks == [{"type": "embed", "value": {"url": "https://player.example/1", "title": "Film", "caption": ""}}]


def test_a_caption_shortcode_becomes_an_image_with_caption() -> None:
    blocks = blocks_of(f'[caption id="a"]<img src="{BOAT}" alt="b" /> At <i>dawn</i>[/caption]', assets=ASSETS)

    assert blocks == [{"type": "image", "value": {"image": media("b"), "caption": "At dawn"}}]


def test_an_embed_shortcode_becomes_an_embed() -> None:
    blocks = blocks_of("[embed width=3]https://a.example/?x=1&amp;y=2[/embed]")

    assert blocks == [{"type": "embed", "value": {"url": "https://a.example/?x=1&y=2", "title": "", "caption": ""}}]


def test_other_shortcodes_stay_as_text_and_are_counted() -> None:
    report = Report()

    blocks = blocks_of('[contact-form id="2"] and [sic], [[gallery]] [box]x[/box] [playlist]', report=report)

    assert blocks == [paragraph('[contact-form id="2"] and [sic], [gallery] [box]x[/box] [playlist]')]
    assert {name: tally.count for name, tally in report.unmapped["shortcode"].items()} == {
        "contact-form": 1,
        "box": 1,
        "playlist": 1,
    }


def test_a_heading_that_is_too_long_or_holds_a_link_loses_no_words() -> None:
    report = Report()

    long_heading = blocks_of(f"<h2>{'sea ' * 60}</h2>", report=report)
    linked = blocks_of('<h2><a href="/x">Sea</a></h2>', report=report)

    assert long_heading[0]["type"] == "paragraph"
    assert linked == [{"type": "heading", "value": {"text": "Sea", "level": "2"}}]
    assert report.unmapped["setting"]["link inside a heading"].count == 1


def test_a_quote_with_a_link_stays_html() -> None:
    blocks = blocks_of('<blockquote><p><a href="/x">a</a></p></blockquote>')

    assert blocks == [{"type": "html", "value": {"html": '<blockquote><p><a href="/x">a</a></p></blockquote>'}}]


@pytest.mark.parametrize("content", ["", "  \n ", "<p></p>", "<p>&nbsp;</p>", wp("paragraph", "<p></p>")])
def test_nothing_becomes_nothing(content: str) -> None:
    assert blocks_of(content) == []
