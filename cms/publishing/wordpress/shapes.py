"""What do our blocks look like? One function for each type, so that the shape of a value stands in one place.

The shapes are those of the starter types; blocks have no ids and versions yet.
"""

from __future__ import annotations

Block = dict[str, object]

MAX_CAPTION = 500
MAX_HEADING = 200
MAX_LABEL = 80
LEVELS = ("2", "3", "4")  # level 1 is the title of the page
COLUMN_COUNTS = range(2, 7)


def paragraph(html: str) -> Block:
    """Make a paragraph of rich text."""
    return {"type": "paragraph", "value": {"html": html}}


def heading(text: str, level: int) -> Block:
    """Make a heading; a level that there is not becomes the nearest one."""
    nearest = LEVELS[min(max(level, 2), 4) - 2]
    return {"type": "heading", "value": {"text": text, "level": nearest}}


def media(asset: str, alt: str = "") -> dict[str, object]:
    """Make the value of a media field; an empty `alt` leaves the asset's own text in force."""
    return {"asset": asset, "alt": alt or None, "decorative": False, "focal": None}


def image(asset: str, alt: str, caption: str, link: str = "") -> Block:
    """Make one image; `link` is where a click on it leads."""
    value: dict[str, object] = {"image": media(asset, alt), "caption": caption}
    return {"type": "image", "value": {**value, "link": link} if link else value}


def gallery(images: list[dict[str, object]], caption: str) -> Block:
    """Make a gallery of values made by `media`."""
    return {"type": "gallery", "value": {"images": images, "caption": caption}}


def quote(text: str, source: str) -> Block:
    """Make a quotation of plain text; a blank line separates its paragraphs."""
    return {"type": "quote", "value": {"text": text, "source": source}}


def listing(html: str) -> Block:
    """Make a list of a `<ul>` or `<ol>` with its entries."""
    return {"type": "list", "value": {"html": html}}


def table(html: str, caption: str) -> Block:
    """Make a table of a `<table>` without its caption."""
    return {"type": "table", "value": {"html": html, "caption": caption}}


def code(text: str, language: str) -> Block:
    """Make a block of program text with its white space."""
    return {"type": "code", "value": {"code": text, "language": language}}


def embed(url: str, title: str, caption: str = "") -> Block:
    """Make an embedded page of another site."""
    return {"type": "embed", "value": {"url": url, "title": title, "caption": caption}}


def file(asset: str, label: str) -> Block:
    """Make a file to download, or a film or sound to play."""
    return {"type": "file", "value": {"file": media(asset), "label": label}}


def button(label: str, *, target: str | None, url: str) -> Block:
    """Make a link that looks like a button, to a document by translation key or to an address."""
    return {"type": "button", "value": {"label": label, "target": target} if target else {"label": label, "url": url}}


def columns(contents: list[list[Block]]) -> Block:
    """Make columns that each hold blocks; there are from 2 to 6 of them."""
    made = [{"type": "column", "value": {"content": content}} for content in contents]
    return {"type": "columns", "value": {"columns": made}}


def html(source: str) -> Block:
    """Make a block of sanitised HTML."""
    return {"type": "html", "value": {"html": source}}


def menu_link(label: str, *, target: str | None, url: str, children: list[Block]) -> Block:
    """Make an entry of a menu."""
    value: dict[str, object] = {"label": label, "children": children}
    return {"type": "menu_link", "value": {**value, "target": target} if target else {**value, "url": url}}
