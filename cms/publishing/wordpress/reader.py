"""What is in this export? Streams a WXR file as records and refuses what is not one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from lxml import etree

from cms.publishing.wordpress import elements
from cms.publishing.wordpress.records import ExportHeader, ExportRecord
from cms.publishing.wordpress.titles import plain_title

EXPORT_NAMESPACE = re.compile(r"https?://[^/\s]+/export/\d+(?:\.\d+)*/")
HEADER_TAGS = ("title", "link", "language", "base_blog_url")
# `{*}category` also matches the categories of an item, which have another parent.
STREAMED_TAGS = ["rss", "title", "link", "language", "item"] + [
    f"{{*}}{name}" for name in ("base_blog_url", "author", "wp_author", "category", "tag", "term")
]


class ExportError(Exception):
    """Tell that the file is no usable WordPress export; `line` is None when the whole file is meant."""

    def __init__(self, sentence: str, *, line: int | None = None) -> None:
        super().__init__(f"Line {line}: {sentence}" if line else sentence)
        self.line = line


def read_export(file: BinaryIO) -> Iterator[ExportRecord]:
    """Yield the header first, then authors, terms and items in the order of the file, holding one at a time.

    Nothing is fetched and no entity of a document type is resolved.

    Raises:
        ExportError: no WordPress export, a document type with entities, broken or truncated XML.
    """
    # The default limits of libxml2 stay on: 10 million characters a text, a depth of 256, bounded entity growth.
    events = etree.iterparse(
        file,
        events=("start", "end"),
        tag=STREAMED_TAGS,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from _records(events)
    except etree.XMLSyntaxError as error:
        raise _broken(error) from error


def _records(events: etree.iterparse) -> Iterator[ExportRecord]:
    header: dict[str, str] = {}
    is_checked = False
    header_sent = False
    for event, element in events:
        if not is_checked:
            _refuse_foreign(element)
            is_checked = True
        if event == "start" or not _is_entry(element):
            continue
        name = etree.QName(element).localname
        if name in HEADER_TAGS:
            header[name] = (element.text or "").strip()
            continue
        if not header_sent:
            yield _header(header)
            header_sent = True
        record = elements.record(element, name)
        if record is not None:
            yield record
        _forget(element)
    if not is_checked:
        raise ExportError("this is not a WordPress export: it has no <rss> element.", line=1)
    if not header_sent:
        yield _header(header)


def _refuse_foreign(element: etree._Element) -> None:
    """Check the first element of interest, before any text of the file is used."""
    document_type = element.getroottree().docinfo.internalDTD
    # The stubs of lxml do not know `entities`.
    if document_type is not None and document_type.entities():  # type: ignore[attr-defined]
        raise ExportError(
            "the file defines XML entities, which a WordPress export never does; it is refused as unsafe.",
            line=_line(element),
        )
    namespaces = [uri for uri in element.nsmap.values() if uri and EXPORT_NAMESPACE.fullmatch(uri)]
    if element.tag != "rss" or not namespaces:
        raise ExportError(
            "this is not a WordPress export: <rss> with a namespace like http://wordpress.org/export/1.2/ is missing. "
            "Export the site again under Tools, Export.",
            line=_line(element),
        )


def _line(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)  # the stubs of lxml say `...`


def _is_entry(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag == "channel"


def _header(values: dict[str, str]) -> ExportHeader:
    base_url = values.get("base_blog_url") or values.get("link", "")
    return ExportHeader(
        title=plain_title(values.get("title", "")),
        base_url=base_url.rstrip("/"),
        language=values.get("language", ""),
    )


def _forget(element: etree._Element) -> None:
    """Drop the entry and all before it, so that memory does not grow with the file."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _broken(error: etree.XMLSyntaxError) -> ExportError:
    line = error.lineno or None
    reason = (error.msg or "unreadable").split(", line ")[0]
    return ExportError(
        f"the XML is broken or the file is truncated here ({reason}). Download the export again.", line=line
    )
