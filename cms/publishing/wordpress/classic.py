"""Where are the paragraphs of a content written without blocks? Blank lines separate them, as WordPress reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from lxml import html

from cms.publishing.wordpress.fragments import is_block, outer_html, parse_fragment

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
LINE_END = re.compile(r"(?<!<br>)[^\S\n]*\n[^\S\n]*")
# Parsed as markup these would be lost: they mark a cut of a listing and a page break.
MARKS = re.compile(r"<!--\s*(?:more|nextpage)\b.*?-->", re.DOTALL)


def split_classic(content: str) -> Iterator[html.HtmlElement]:
    """Yield the top-level block elements of a content in order; loose text and inline markup become `<p>`.

    A blank line ends a paragraph, a single line end inside one becomes `<br>`.
    """
    source = MARKS.sub("\n\n", content.replace("\r\n", "\n"))
    run: list[str | html.HtmlElement] = []
    for node in parse_fragment(source):
        if not is_block(node):
            run.append(node)
            continue
        yield from _paragraphs(run)
        run = []
        assert not isinstance(node, str)
        yield node
    yield from _paragraphs(run)


def _paragraphs(run: list[str | html.HtmlElement]) -> Iterator[html.HtmlElement]:
    """Cut a run of inline nodes at the blank lines of its texts; a blank line inside an element only breaks a line."""
    pieces = [""]
    for node in run:
        if not isinstance(node, str):
            pieces[-1] += outer_html(node)
            continue
        first_piece, *others = BLANK_LINE.split(node)
        pieces[-1] += escape(first_piece, quote=False)
        pieces.extend(escape(piece, quote=False) for piece in others)
    for piece in pieces:
        text = piece.strip()
        if text:
            yield html.fragment_fromstring(f"<p>{LINE_END.sub('<br>', text)}</p>")
