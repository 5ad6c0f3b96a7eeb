"""Which of our blocks is this HTML element? A table of tags, used for classic content and inside WordPress blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from html import escape
from urllib.parse import urlsplit

from lxml import html

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.classic import split_classic
from cms.publishing.wordpress.context import Context
from cms.publishing.wordpress.fragments import detached, first, inner_html, is_too_deep, outer_html, text_in, text_of
from cms.publishing.wordpress.images import caption_of, map_file, map_gallery, map_gallery_of_ids, map_image
from cms.publishing.wordpress.prose import keep_html, map_list, map_preformatted, map_quote, map_table
from cms.publishing.wordpress.shapes import Block

ElementMapper = Callable[[Context, html.HtmlElement], list[Block]]
ALONE_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# WordPress turns an address alone on its line into an embed for these; others stay a link.
EMBED_HOSTS = frozenset({
    "bsky.app", "dailymotion.com", "facebook.com", "flickr.com", "instagram.com", "mixcloud.com", "open.spotify.com",
    "pinterest.com", "reddit.com", "scribd.com", "slideshare.net", "soundcloud.com", "speakerdeck.com", "ted.com",
    "tiktok.com", "tumblr.com", "twitter.com", "videopress.com", "vimeo.com", "wordpress.tv", "x.com", "youtu.be",
    "youtube.com",
})  # fmt: skip
MAX_EMBED_TITLE = 200


def map_html(context: Context, source: str) -> list[Block]:
    """Return our blocks for a piece of HTML, whatever its top-level elements are."""
    if is_too_deep(source):
        context.count_unmapped("setting", "HTML nested too deep")
        return [shapes.html(context.clean(source, block="html"))]
    return [block for element in split_classic(source) for block in map_element(context, element)]


def map_element(context: Context, element: html.HtmlElement) -> list[Block]:
    """Return our blocks for one element; a tag without an entry in the table becomes sanitised HTML."""
    return MAPPERS.get(str(element.tag), keep_html)(context, element)


def embed_or_link(context: Context, address: str, title: str = "", caption: str = "") -> list[Block]:
    """Return an embed for a web address, a paragraph for anything else."""
    address = address.strip()
    if ALONE_ADDRESS.fullmatch(address):
        return [shapes.embed(address, title[:MAX_EMBED_TITLE], caption[: shapes.MAX_CAPTION])]
    return map_html(context, f"<p>{escape(address, quote=False)}</p>") if address else []


def _paragraph(context: Context, element: html.HtmlElement) -> list[Block]:
    """Take media out of the text, before it: a paragraph of ours holds text alone."""
    blocks: list[Block] = []
    if _media_in(element):
        element = deepcopy(element)
    for media in _media_in(element):
        blocks += map_element(context, media)
        detached([media])
    text = text_in(element)
    if not text:
        return blocks
    if ALONE_ADDRESS.fullmatch(text) and _is_embeddable(text):
        return [*blocks, shapes.embed(text, "")]
    source = inner_html(element)
    clean = context.clean(source, block="paragraph")
    return [*blocks, shapes.paragraph(clean)] if clean == source or text_of(clean) else blocks


def _media_in(element: html.HtmlElement) -> list[html.HtmlElement]:
    """Find media, each with the link that is around it alone."""
    found = []
    for media in element.iter("img", "iframe", "video", "audio", "object", "wp-embed", "wp-gallery"):
        link = media.getparent()
        is_wrapped = link is not None and link is not element and link.tag == "a" and not text_of(inner_html(link))
        found.append(link if is_wrapped and link is not None else media)
    return found


def _is_embeddable(address: str) -> bool:
    host = (urlsplit(address).hostname or "").removeprefix("www.").removeprefix("m.")
    return host in EMBED_HOSTS


def _heading(context: Context, element: html.HtmlElement) -> list[Block]:
    blocks = [block for media in _media_in(element) for block in map_element(context, media)]
    text = text_in(element)
    level = int(str(element.tag)[1])
    if not text:
        return blocks
    if len(text) > shapes.MAX_HEADING:
        return blocks + map_html(context, f"<p><strong>{inner_html(element)}</strong></p>")
    if level > len(shapes.LEVELS) + 1:
        context.count_unmapped("setting", f"heading of level {level}")
    if first(element, "a") is not None:
        context.count_unmapped("setting", "link inside a heading")
    return [*blocks, shapes.heading(text, level)]


def _figure(context: Context, element: html.HtmlElement) -> list[Block]:
    table = first(element, "table")
    if table is not None:
        return map_table(context, table, caption_of(element))
    quote = first(element, "blockquote")
    if quote is not None:
        return map_quote(context, quote)
    pictures = list(element.iter("img"))
    if len(pictures) > 1:
        return map_gallery(context, outer_html(element))
    if pictures:
        return map_image(context, element, caption_of(element))
    media = first(element, "iframe", "video", "audio")
    return keep_html(context, element) if media is None else map_element(context, media) + _text_after(context, element)


def _text_after(context: Context, figure: html.HtmlElement) -> list[Block]:
    caption = caption_of(figure)
    return map_html(context, f"<p>{caption}</p>") if caption else []


def _picture(context: Context, element: html.HtmlElement) -> list[Block]:
    return map_image(context, element)


def _link(context: Context, element: html.HtmlElement) -> list[Block]:
    return map_image(context, element) if first(element, "img") is not None else map_html(context, outer_html(element))


def _container(context: Context, element: html.HtmlElement) -> list[Block]:
    """Unwrap a box: it only carries layout."""
    return map_html(context, inner_html(element))


def _definitions(context: Context, element: html.HtmlElement) -> list[Block]:
    """Write a list of definitions as paragraphs, the terms strong: rich text has no such list and would glue words."""
    blocks: list[Block] = []
    for part in element.iter("dt", "dd"):
        source = inner_html(part)
        blocks += map_html(context, f"<p><strong>{source}</strong></p>" if part.tag == "dt" else source)
    return blocks


def _frame(context: Context, element: html.HtmlElement) -> list[Block]:
    address = element.get("src", "")
    address = f"https:{address}" if address.startswith("//") else address
    return embed_or_link(context, address, element.get("title", ""))


def _player(context: Context, element: html.HtmlElement) -> list[Block]:
    source = first(element, "source")
    address = element.get("src") or (source.get("src", "") if source is not None else "")
    return map_file(context, address, "", outer_html(element))


def _embed(context: Context, element: html.HtmlElement) -> list[Block]:
    return embed_or_link(context, element.get("url", ""))


def _gallery(context: Context, element: html.HtmlElement) -> list[Block]:
    return map_gallery_of_ids(context, element.get("ids", ""))


MAPPERS: dict[str, ElementMapper] = {
    "p": _paragraph,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("ul", "ol"), map_list),
    "blockquote": map_quote,
    "pre": map_preformatted,
    "figure": _figure,
    "img": _picture,
    "a": _link,
    "table": map_table,
    "dl": _definitions,
    "iframe": _frame,
    **dict.fromkeys(("video", "audio"), _player),
    "wp-embed": _embed,
    "wp-gallery": _gallery,
    **dict.fromkeys(("div", "section", "article", "main", "center", "header", "footer", "aside"), _container),
}
