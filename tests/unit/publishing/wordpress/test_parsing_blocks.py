"""Block comments become a tree, and no text, however broken, is lost or refused."""

import pytest

from cms.publishing.wordpress.gutenberg import MAX_DEPTH, has_blocks, parse_blocks


def test_a_block_has_name_attributes_and_html() -> None:
    (block,) = parse_blocks('<!-- wp:heading {"level":3} --><h3>Quay</h3><!-- /wp:heading -->')

    assert (block.name, block.attrs, block.inner_html) == ("heading", {"level": 3}, "<h3>Quay</h3>")


def test_the_prefix_core_is_left_out_and_others_stay() -> None:
    blocks = parse_blocks("<!-- wp:core/more /--><!-- wp:shop/cart /-->")

    assert [block.name for block in blocks] == ["more", "shop/cart"]


def test_attributes_of_a_block_that_closes_itself_are_read() -> None:
    (block,) = parse_blocks('<!-- wp:latest-posts {"postsToShow":5,"note":"a \\u002d\\u002d> b"} /-->')

    assert block.attrs == {"postsToShow": 5, "note": "a --> b"}


def test_nested_blocks_are_children_in_place() -> None:
    content = (
        '<!-- wp:columns --><div class="all"><!-- wp:column --><div>'
        "<!-- wp:paragraph --><p>Left</p><!-- /wp:paragraph --></div><!-- /wp:column --></div><!-- /wp:columns -->"
    )

    (columns,) = parse_blocks(content)

    assert [block.name for block in columns.walk()] == ["columns", "column", "paragraph"]
    assert columns.inner_html == '<div class="all"></div>'
    assert columns.whole_html == '<div class="all"><div><p>Left</p></div></div>'


def test_html_between_blocks_is_freeform() -> None:
    blocks = parse_blocks("<p>Before</p>\n<!-- wp:more /-->\n\n<p>After</p>")

    assert [(block.name, block.inner_html) for block in blocks] == [
        ("freeform", "<p>Before</p>"),
        ("more", ""),
        ("freeform", "<p>After</p>"),
    ]


@pytest.mark.parametrize(
    ("content", "names", "text"),
    [
        ("<!-- wp:quote --><p>a</p>", ["quote"], "<p>a</p>"),
        ("<p>a</p><!-- /wp:quote -->", ["freeform"], "<p>a</p>"),
        ("<!-- wp:quote {broken --><p>a</p><!-- /wp:quote -->", ["quote"], "<p>a</p>"),
        ("<!-- wp:quote [1] --><p>a</p><!-- /wp:quote -->", ["quote"], "<p>a</p>"),
        ("<!-- wp:a --><!-- wp:b --><p>a</p><!-- /wp:a -->", ["a"], "<p>a</p>"),
        ("<!-- plain --><p>a</p>", ["freeform"], "<!-- plain --><p>a</p>"),
        ("<p>a</p><!-- wp:quote ", ["freeform"], "<p>a</p><!-- wp:quote "),
        ("", [], ""),
    ],
)
def test_malformed_content_keeps_its_text(content: str, names: list[str], text: str) -> None:
    blocks = parse_blocks(content)

    assert [block.name for block in blocks] == names
    assert "".join(block.whole_html for block in blocks) == text


def test_blocks_nested_without_end_stop_at_a_depth_and_keep_the_text() -> None:
    blocks = parse_blocks("<!-- wp:group -->" * 5000 + "<p>deep</p>")

    assert sum(1 for _ in blocks[0].walk()) == MAX_DEPTH
    assert blocks[0].whole_html == "<p>deep</p>"


def test_classic_content_is_told_from_blocks() -> None:
    assert has_blocks("<!-- wp:more /-->")
    assert not has_blocks("<!--more--><p>Text</p>")
