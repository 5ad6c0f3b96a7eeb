"""Which of our blocks is this WordPress block? A table of names; a block without an entry becomes sanitised HTML."""

from __future__ import annotations

import re
from collections.abc import Callable

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.context import Context
from cms.publishing.wordpress.fragments import all_of, first, inner_html, outer_html, text_of
from cms.publishing.wordpress.gutenberg import FREEFORM, WordPressBlock
from cms.publishing.wordpress.images import map_file, map_gallery, map_image
from cms.publishing.wordpress.markup import embed_or_link, map_html
from cms.publishing.wordpress.shapes import Block
from cms.publishing.wordpress.shortcodes import replace_shortcodes

BlockMapper = Callable[[Context, WordPressBlock], list[Block]]
ADDRESS = re.compile(r"https?://[^/\s]|mailto:.|tel:.", re.IGNORECASE)
EMBED_PREFIX = "core-embed/"  # until WordPress 5.6 each provider had a block name of its own


def map_blocks(context: Context, blocks: list[WordPressBlock]) -> list[Block]:
    """Return our blocks for a list of WordPress blocks, in order."""
    return [ours for block in blocks for ours in map_block(context, block)]


def map_block(context: Context, block: WordPressBlock) -> list[Block]:
    """Return our blocks for one WordPress block and all inside it; count its name when it has no counterpart."""
    if block.name.startswith(EMBED_PREFIX):
        return _embed(context, block)
    return MAPPERS.get(block.name, _unmapped)(context, block)


def _unmapped(context: Context, block: WordPressBlock) -> list[Block]:
    context.count_unmapped("block", block.name)
    source = block.whole_html
    for picture in all_of(source, "img"):
        if picture.get("src"):
            context.miss_file(picture.get("src", ""))
    return context.html_blocks(source)


def _says(context: Context, block: WordPressBlock) -> list[Block]:
    """Most blocks say in their HTML what they are; that HTML is also what readers saw."""
    return map_html(context, block.whole_html)


def _freeform(context: Context, block: WordPressBlock) -> list[Block]:
    return map_html(context, replace_shortcodes(block.whole_html, count=lambda name: _count_shortcode(context, name)))


def _count_shortcode(context: Context, name: str) -> None:
    context.count_unmapped("shortcode", name)


def _html(context: Context, block: WordPressBlock) -> list[Block]:
    return context.html_blocks(block.whole_html)


def _code(context: Context, block: WordPressBlock) -> list[Block]:
    blocks = map_html(context, block.whole_html)
    language = block.attrs.get("language")
    if isinstance(language, str) and len(blocks) == 1 and blocks[0]["type"] == "code":
        element = first(block.whole_html, "pre")
        return [shapes.code(str(element.text_content()).strip("\n"), language)] if element is not None else blocks
    return blocks


def _gallery(context: Context, block: WordPressBlock) -> list[Block]:
    return map_gallery(context, block.whole_html)


def _embed(context: Context, block: WordPressBlock) -> list[Block]:
    address = block.attrs.get("url")
    address = address if isinstance(address, str) and address else text_of(block.whole_html)
    caption = first(block.whole_html, "figcaption")
    return embed_or_link(context, address, caption=text_of(inner_html(caption)) if caption is not None else "")


def _file(context: Context, block: WordPressBlock) -> list[Block]:
    link = first(block.whole_html, "a")
    address = block.attrs.get("href") or (link.get("href", "") if link is not None else "")
    label = " ".join(str(link.text_content()).split()) if link is not None else ""
    return map_file(context, str(address), label, block.whole_html)


def _button(context: Context, block: WordPressBlock) -> list[Block]:
    link = first(block.whole_html, "a")
    if link is None:
        return _says(context, block)
    label = " ".join(str(link.text_content()).split())
    address = link.get("href", "")
    if not label:
        return []
    if len(label) > shapes.MAX_LABEL or not ADDRESS.match(address):
        return map_html(context, f"<p>{outer_html(link)}</p>")
    return [shapes.button(label, target=context.document_key(address), url=address)]


def _container(context: Context, block: WordPressBlock) -> list[Block]:
    """Unwrap a box around blocks: its own texts and pictures first, then what it holds."""
    return map_html(context, block.inner_html) + map_blocks(context, block.children)


def _cover(context: Context, block: WordPressBlock) -> list[Block]:
    """The picture behind the text is named in the attributes; older versions have it in a style only."""
    address = block.attrs.get("url")
    is_in_html = any(picture.get("src") == address for picture in all_of(block.inner_html, "img"))
    if not isinstance(address, str) or not address or is_in_html:
        return _container(context, block)
    picture = all_of('<img alt="">', "img")[0]
    picture.set("src", address)
    return map_image(context, picture) + _container(context, block)


def _columns(context: Context, block: WordPressBlock) -> list[Block]:
    contents = [_container(context, column) for column in block.children if column.name == "column"]
    filled = [content for content in contents if content]
    own = map_html(context, block.inner_html)
    others = map_blocks(context, [child for child in block.children if child.name != "column"])
    return own + _side_by_side(filled) + others


def _side_by_side(contents: list[list[Block]]) -> list[Block]:
    """Put contents into columns; columns inside columns, and too many or too few, follow one another instead."""
    flat = [[inner for block in content for inner in _flattened(block)] for content in contents]
    if len(flat) in shapes.COLUMN_COUNTS:
        return [shapes.columns(flat)]
    return [block for content in flat for block in content]


def _flattened(block: Block) -> list[Block]:
    value = block["value"]
    if block["type"] != "columns" or not isinstance(value, dict):
        return [block]
    return [inner for column in value["columns"] for inner in column["value"]["content"]]


MAPPERS: dict[str, BlockMapper] = {
    FREEFORM: _freeform,
    "shortcode": _freeform,
    **dict.fromkeys(
        ("paragraph", "heading", "list", "quote", "pullquote", "image", "table", "preformatted", "verse"), _says
    ),
    **dict.fromkeys(("separator", "video", "audio"), _says),
    "code": _code,
    "html": _html,
    "gallery": _gallery,
    "embed": _embed,
    "file": _file,
    "button": _button,
    **dict.fromkeys(("group", "buttons", "column", "media-text", "subhead"), _container),
    "cover": _cover,
    "columns": _columns,
}
