"""How is a piece of HTML taken apart and put together? Thin words over lxml for the block mappers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from lxml import html

BLOCK_TAGS = frozenset({
    "address", "article", "aside", "audio", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "iframe", "li",
    "main", "nav", "noscript", "object", "ol", "p", "pre", "script", "section", "style", "table", "ul", "video",
    "wp-embed", "wp-gallery",
})  # fmt: skip

TAG = re.compile(r"<(/?)([A-Za-z][\w-]*)[^<>]*?(/?)>")
# Elements that never or not always are closed would look like ever deeper nesting.
UNCOUNTED_TAGS = frozenset({
    "area", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p", "param",
    "source", "td", "th", "tr", "track", "wbr",
})  # fmt: skip
MAX_NESTING = 60  # the parser drops what is deeper than 256, silently


def is_too_deep(source: str) -> bool:
    """Tell whether elements are nested deeper than the parser can be trusted with."""
    depth = 0
    for closing, name, is_void in TAG.findall(source):
        if is_void or name.lower() in UNCOUNTED_TAGS:
            continue
        depth = max(depth - 1, 0) if closing else depth + 1
        if depth > MAX_NESTING:
            return True
    return False


def parse_fragment(source: str) -> list[str | html.HtmlElement]:
    """Return the top-level texts (escaped HTML is decoded) and elements of a fragment, without comments."""
    if not source.strip():
        return []
    root = html.fragment_fromstring(source, create_parent="div")
    nodes: list[str | html.HtmlElement] = [root.text] if root.text else []
    for element in list(root):
        tail = element.tail
        element.tail = None
        if isinstance(element.tag, str):
            nodes.append(element)
        if tail:
            nodes.append(tail)
    return nodes


def outer_html(node: str | html.HtmlElement) -> str:
    """Serialise a node with its tag, without what follows it."""
    if isinstance(node, str):
        return escape(node, quote=False)
    return str(html.tostring(node, encoding="unicode", with_tail=False))


def inner_html(element: html.HtmlElement) -> str:
    """Serialise what stands inside an element."""
    children = [str(html.tostring(child, encoding="unicode")) for child in element]
    return (escape(element.text or "", quote=False) + "".join(children)).strip()


def text_of(source: str) -> str:
    """Return the readable text of a fragment with white space folded."""
    if "<" not in source and "&" not in source:
        return " ".join(source.split())
    texts = (node if isinstance(node, str) else str(node.text_content()) for node in parse_fragment(source))
    return " ".join("".join(texts).split())


def text_in(element: html.HtmlElement) -> str:
    """Return the readable text inside an element with white space folded."""
    return " ".join(str(element.text_content()).split())


def first(source: str | html.HtmlElement, *tags: str) -> html.HtmlElement | None:
    """Find the first element with one of the tags, in the order of the document."""
    roots = [source] if not isinstance(source, str) else elements_of(source)
    for root in roots:
        for element in root.iter(*tags):
            return element
    return None


def all_of(source: str, *tags: str) -> list[html.HtmlElement]:
    """Find every element with one of the tags, in the order of the document."""
    return [element for root in elements_of(source) for element in root.iter(*tags)]


def elements_of(source: str) -> list[html.HtmlElement]:
    """Return the top-level elements of a fragment, leaving out texts."""
    return [node for node in parse_fragment(source) if not isinstance(node, str)]


def detached(elements: Iterable[html.HtmlElement]) -> None:
    """Remove elements from their tree, keeping the text that follows them."""
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()


def is_block(node: str | html.HtmlElement) -> bool:
    """Tell whether a node stands on its own instead of inside a line of text."""
    return not isinstance(node, str) and (node.tag in BLOCK_TAGS or _holds_block(node))


def _holds_block(element: html.HtmlElement) -> bool:
    return any(isinstance(child.tag, str) and child.tag in BLOCK_TAGS for child in element.iterdescendants())
