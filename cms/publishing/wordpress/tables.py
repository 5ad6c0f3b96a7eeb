"""How does an HTML table become rows of cells? Merged cells cannot, so such a table stays HTML."""

from __future__ import annotations

from lxml import html

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.context import Context
from cms.publishing.wordpress.fragments import inner_html, outer_html, text_of
from cms.publishing.wordpress.shapes import Block


def map_table(context: Context, element: html.HtmlElement, caption: str) -> list[Block]:
    """Return a table block; with merged cells or tables inside, one HTML block that keeps them."""
    if _is_irregular(element):
        return context.html_blocks(outer_html(element) + (f"<p>{caption}</p>" if caption else ""))
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in element.iter("tr")]
    rows = [row for row in rows if row]
    if not rows:
        return []
    width = max(len(row) for row in rows)
    cells = [
        [context.clean(inner_html(cell), block="table") for cell in row] + [""] * (width - len(row)) for row in rows
    ]
    has_header = all(cell.tag == "th" for cell in rows[0])
    return [shapes.table(cells, has_header=has_header, caption=text_of(caption))]


def _is_irregular(element: html.HtmlElement) -> bool:
    is_merged = any(cell.get("colspan") or cell.get("rowspan") for cell in element.iter("td", "th"))
    return is_merged or any(True for _ in element.iterdescendants("table", "img", "iframe"))
