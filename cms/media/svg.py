"""Make an SVG harmless: a drawing, and nothing that acts, loads or expands.

Two steps: a parser that refuses entities reads it (a bomb of nested entities, or one that reads files, ends here), then
py-svg-hush writes it anew from its allow-list of elements and attributes.
"""

import io
import re
from dataclasses import dataclass
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from py_svg_hush import filter_svg

from reliability.wording import say as _

SVG_MAX_BYTES = 2 * 1024 * 1024
DEPTH_MAX = 200
_ROOT = "{http://www.w3.org/2000/svg}svg"
_EMBEDDED = {"image": ["png", "jpeg", "gif", "webp"]}
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_LENGTH = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|pc|mm|cm|in)?\s*")
_SIDE_MAX = 100_000


@dataclass(frozen=True)
class Drawing:
    """A harmless SVG; the size in CSS pixels is None where it states none."""

    data: bytes
    width: int | None
    height: int | None


class SvgRefused(Exception):
    """The SVG cannot be made harmless."""

    def __init__(self, reason: str) -> None:
        super().__init__("file: " + _("{reason} Export it as plain SVG, or as PNG, and upload that.", reason=reason))


def made_harmless(data: bytes) -> Drawing:
    """Rewrite an SVG without scripts, handlers, entities and links to elsewhere. Raises SvgRefused."""
    if len(data) > SVG_MAX_BYTES:
        raise SvgRefused(_("This SVG is larger than {limit} MiB.", limit=SVG_MAX_BYTES // 1024 // 1024))
    root = _root(data)
    try:
        clean = filter_svg(data, keep_data_url_mime_types=_EMBEDDED)
    except ValueError as error:
        raise SvgRefused(_("This SVG cannot be read.")) from error
    width, height = _size(root)
    return Drawing(clean, width, height)


def _root(data: bytes) -> dict[str, str]:
    """Read it through once, and give the attributes of the root."""
    depth, root = 0, None
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=False):
            depth += 1 if event == "start" else -1
            if root is None:
                root = _checked_root(element)
            if depth > DEPTH_MAX:
                raise SvgRefused(_("This SVG nests deeper than {limit} elements.", limit=DEPTH_MAX))
    except DefusedXmlException as error:
        raise SvgRefused(_("This SVG declares entities, which could expand without end.")) from error
    except (SyntaxError, ValueError, LookupError) as error:  # ParseError is a SyntaxError; LookupError: odd encodings.
        raise SvgRefused(_("This SVG is not well-formed XML.")) from error
    if root is None:
        raise SvgRefused(_("This SVG is empty."))
    return root


def _checked_root(element: Any) -> dict[str, str]:
    if element.tag != _ROOT:
        raise SvgRefused(_("This SVG does not begin with an <svg> element of the SVG namespace."))
    return dict(element.attrib)


def _size(root: dict[str, str]) -> tuple[int | None, int | None]:
    width, height = _length(root.get("width", "")), _length(root.get("height", ""))
    if width and height:
        return width, height
    parts = root.get("viewBox", "").replace(",", " ").split()
    if len(parts) == 4:
        width, height = _length(parts[2]), _length(parts[3])
    return (width, height) if width and height else (None, None)


def _length(text: str) -> int | None:
    found = _LENGTH.fullmatch(text)
    if found is None:
        return None
    pixels = round(float(found[1]) * _PIXELS[found[2] or ""])
    return pixels if 0 < pixels <= _SIDE_MAX else None
