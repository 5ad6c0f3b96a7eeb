"""What do our blocks look like? One function for each type, so that the shape of a value stands in one place."""

from __future__ import annotations

Block = dict[str, object]


def paragraph(html: str) -> Block:
    """Make a paragraph of inline HTML."""
    return {"type": "paragraph", "value": {"html": html}}


def heading(text: str, level: int) -> Block:
    """Make a heading; the page title is level 1, so inside a page the levels go from 2 to 6."""
    return {"type": "heading", "value": {"text": text, "level": min(max(level, 2), 6)}}


def image_value(asset: str, alt: str) -> dict[str, object]:
    """Make the value of a media field; an empty alternative text marks a decorative image, as in HTML."""
    return {"asset": asset, "alt": alt, "decorative": not alt, "focal": None}


def image(asset: str, alt: str, caption: str) -> Block:
    """Make one image with its caption."""
    return {"type": "image", "value": {"image": image_value(asset, alt), "caption": caption}}


def gallery(images: list[dict[str, object]], caption: str) -> Block:
    """Make a gallery of values made by `image_value`."""
    return {"type": "gallery", "value": {"images": images, "caption": caption}}


def quote(html: str, citation: str) -> Block:
    """Make a quotation with its source as plain text."""
    return {"type": "quote", "value": {"html": html, "citation": citation}}


def listing(items: list[str], *, ordered: bool) -> Block:
    """Make a list; each item is HTML and may hold a list of its own."""
    return {"type": "list", "value": {"ordered": ordered, "items": items}}


def table(rows: list[list[str]], *, has_header: bool, caption: str) -> Block:
    """Make a table of cells of inline HTML; all rows are equally long."""
    return {"type": "table", "value": {"rows": rows, "header": has_header, "caption": caption}}


def code(text: str, language: str = "") -> Block:
    """Make a block of program text with its white space."""
    return {"type": "code", "value": {"code": text, "language": language}}


def embed(url: str, title: str) -> Block:
    """Make an embedded page of another site."""
    return {"type": "embed", "value": {"url": url, "title": title}}


def file(asset: str, label: str) -> Block:
    """Make a file to download."""
    return {"type": "file", "value": {"file": {"asset": asset}, "label": label}}


def button(label: str, url: str) -> Block:
    """Make a link that looks like a button."""
    return {"type": "button", "value": {"label": label, "url": url}}


def columns(columns_of_blocks: list[list[Block]]) -> Block:
    """Make columns that each hold blocks."""
    return {"type": "columns", "value": {"columns": [{"blocks": blocks} for blocks in columns_of_blocks]}}


def html(source: str) -> Block:
    """Make a block of sanitised HTML."""
    return {"type": "html", "value": {"html": source}}
