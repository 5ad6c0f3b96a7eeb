"""How do lists, quotes, program texts and tables become blocks? What our blocks cannot hold stays HTML."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import html

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.classic import split_classic
from cms.publishing.wordpress.context import Context
from cms.publishing.wordpress.fragments import detached, first, inner_html, outer_html, text_of
from cms.publishing.wordpress.shapes import Block

MAX_SOURCE = 200
MAX_TABLE_CAPTION = 300
LANGUAGE_CLASS = re.compile(r"(?:^|\s)(?:language|lang|brush:)-?\s*([\w+#-]+)")


def map_list(context: Context, element: html.HtmlElement) -> list[Block]:
    """Return a list with all lists inside it; one that holds media stays HTML."""
    if _holds_media(element):
        return keep_html(context, element)
    clean = context.clean(outer_html(element), block="list")
    return [shapes.listing(clean)] if text_of(clean) else []


def map_quote(context: Context, element: html.HtmlElement) -> list[Block]:
    """Our quotes are plain text; one with links, lists or media stays HTML, which keeps them."""
    if _holds_media(element) or first(element, "a", "ul", "ol", "table") is not None:
        return keep_html(context, element)
    element = deepcopy(element)
    citations = list(element.iter("cite", "footer"))
    source = " ".join(text_of(inner_html(one)) for one in citations)
    detached(citations)
    paragraphs = [text_of(outer_html(part)) for part in split_classic(inner_html(element))]
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    if len(source) > MAX_SOURCE:
        text, source = f"{text}\n\n{source}", ""
    return [shapes.quote(text, source)] if text else []


def map_preformatted(context: Context, element: html.HtmlElement) -> list[Block]:
    """Program text becomes a code block; a preformatted text with markup stays HTML, which keeps both."""
    inner = first(element, "code")
    marked_up = [child for child in element.iterdescendants() if child.tag not in ("code", "br")]
    if marked_up:
        return keep_html(context, element)
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    classes = f"{element.get('class', '')} {inner.get('class', '') if inner is not None else ''}"
    language = LANGUAGE_CLASS.search(classes)
    text = str(element.text_content()).strip("\n")
    return [shapes.code(text, language[1] if language else "")] if text.strip() else []


def map_table(context: Context, element: html.HtmlElement, caption: str = "") -> list[Block]:
    """Return a table, with merged cells where it has them; one that holds media stays HTML."""
    if _holds_media(element):
        return keep_html(context, element)
    element = deepcopy(element)
    captions = list(element.iter("caption"))
    caption = text_of(caption or "".join(inner_html(one) for one in captions))
    detached(captions)
    clean = context.clean(outer_html(element), block="table")
    return [shapes.table(clean, caption[:MAX_TABLE_CAPTION])] if text_of(clean) else []


def keep_html(context: Context, element: html.HtmlElement) -> list[Block]:
    """Return sanitised HTML and list the images in it, which keep their original address."""
    for picture in element.iter("img"):
        if picture.get("src"):
            context.miss_file(picture.get("src", ""))
    return context.html_blocks(outer_html(element))


def _holds_media(element: html.HtmlElement) -> bool:
    return first(element, "img", "iframe", "video", "audio", "wp-embed", "wp-gallery") is not None
