"""What does one element of the export say? Each entry becomes its record, whatever namespace version it uses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from lxml import etree

from cms.publishing.wordpress.records import ExportAuthor, ExportItem, ExportRecord, ExportTerm
from cms.publishing.wordpress.titles import plain_title

ID_PARAMETERS = ("p", "page_id", "attachment_id")
TERM_TAXONOMIES = {"category": "category", "tag": "post_tag"}
FEED_DATE = re.compile(r"(?:\w{3}, )?\d{1,2} \w{3} \d{4} ")  # the parser would read the year -0001 as 2000
WHOLE_NUMBER = re.compile(r"-?\d{1,18}")


def record(element: etree._Element, name: str) -> ExportRecord | None:
    """Turn one child of the channel into its record; None for an element that carries nothing."""
    values = _values(element)
    if name == "item":
        return _item(element, values)
    if name in ("author", "wp_author"):
        return _author(values)
    return _term(name, values)


def _values(element: etree._Element) -> dict[str, str]:
    """Collect the texts of the children by name; the two `encoded` are told apart by their namespace."""
    values: dict[str, str] = {}
    for child in element.iterchildren("*"):
        tag = etree.QName(child)
        name = tag.localname
        if name == "encoded":
            name = "excerpt" if "/excerpt/" in (tag.namespace or "") else "content"
        values.setdefault(name, (child.text or "").strip())
    return values


def _author(values: dict[str, str]) -> ExportAuthor | None:
    login = values.get("author_login", "")
    name = values.get("author_display_name") or login
    return ExportAuthor(login=login, email=values.get("author_email", ""), name=plain_title(name)) if login else None


def _term(element_name: str, values: dict[str, str]) -> ExportTerm | None:
    name = values.get("cat_name") or values.get("tag_name") or values.get("term_name") or ""
    slug = values.get("category_nicename") or values.get("tag_slug") or values.get("term_slug") or ""
    if not (name or slug):
        return None
    return ExportTerm(
        taxonomy=TERM_TAXONOMIES.get(element_name) or values.get("term_taxonomy", ""),
        slug=unquote(slug) or plain_title(name),
        name=plain_title(name or slug),
        id=values.get("term_id", ""),
        parent=unquote(values.get("category_parent") or values.get("term_parent") or ""),
        description=values.get("category_description")
        or values.get("tag_description")
        or values.get("term_description")
        or "",
    )


def _item(element: etree._Element, values: dict[str, str]) -> ExportItem:
    return ExportItem(
        id=_item_id(values),
        type=values.get("post_type") or "post",
        status=values.get("status") or "publish",
        title=values.get("title", ""),
        slug=unquote(values.get("post_name", "")),
        link=values.get("link", ""),
        parent_id=_parent_id(values),
        menu_order=_whole(values.get("menu_order", "")),
        date=_date(values),
        has_password=bool(values.get("post_password")),
        author=values.get("creator", ""),
        content=values.get("content", ""),
        excerpt=values.get("excerpt", ""),
        terms=_assigned_terms(element),
        meta=_meta(element),
        attachment_url=values.get("attachment_url", ""),
        comment_count=sum(1 for _ in element.iterchildren("{*}comment")),
        is_sticky=values.get("is_sticky") == "1",
    )


def _item_id(values: dict[str, str]) -> str:
    """Prefer the id; exports of hosted themes leave it out, but their guid or link ends in `?p=ID`."""
    if values.get("post_id"):
        return values["post_id"]
    for address in (values.get("guid", ""), values.get("link", "")):
        query = _query(address)
        for parameter in ID_PARAMETERS:
            if parameter in query:
                return query[parameter][0]
    return values.get("guid") or values.get("link") or values.get("post_name") or values.get("title", "")


def _query(address: str) -> dict[str, list[str]]:
    try:
        return parse_qs(urlsplit(address).query)
    except ValueError:
        return {}


def _parent_id(values: dict[str, str]) -> str:
    parent = values.get("post_parent", "")
    return "" if parent == "0" else parent


def _whole(text: str) -> int:
    return int(text) if WHOLE_NUMBER.fullmatch(text) else 0


def _date(values: dict[str, str]) -> datetime | None:
    """Prefer the UTC date, then the feed's date, which has a zone; the site's own zone is not in the export."""
    return (
        _stored_date(values.get("post_date_gmt", ""))
        or _feed_date(values.get("pubDate", ""))
        or _stored_date(values.get("post_date", ""))
    )


def _stored_date(text: str) -> datetime | None:
    """Read `2020-01-01 12:00:18`; the zeros of a draft without a date give None."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _feed_date(text: str) -> datetime | None:
    """Read an RFC 2822 date; a draft carries an impossible one in the year -0001, and so do zeros."""
    if not FEED_DATE.match(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _assigned_terms(element: etree._Element) -> tuple[ExportTerm, ...]:
    """List the item's terms once each; old exports repeat them without a domain, some have only those."""
    terms: dict[tuple[str, str], ExportTerm] = {}
    entries = list(element.iterchildren("category"))
    with_domain = [entry for entry in entries if entry.get("domain")]
    for entry in with_domain or entries:
        name = plain_title((entry.text or "").strip())
        slug = unquote(entry.get("nicename") or "") or name
        taxonomy = {"tag": "post_tag"}.get(entry.get("domain") or "", entry.get("domain") or "category")
        if slug:
            terms.setdefault((taxonomy, slug), ExportTerm(taxonomy=taxonomy, slug=slug, name=name or slug))
    return tuple(terms.values())


def _meta(element: etree._Element) -> tuple[tuple[str, str], ...]:
    pairs = []
    for entry in element.iterchildren("{*}postmeta"):
        values = _values(entry)
        if values.get("meta_key"):
            pairs.append((values["meta_key"], values.get("meta_value", "")))
    return tuple(pairs)
