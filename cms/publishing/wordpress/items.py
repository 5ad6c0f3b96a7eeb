"""What does one post or page become: in public, scheduled or a draft, with which fields?"""

from __future__ import annotations

from collections.abc import Callable

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.attachments import ALT
from cms.publishing.wordpress.context import Context, Outside
from cms.publishing.wordpress.fragments import text_of
from cms.publishing.wordpress.links import OLD_SLUG, former_paths, permalink_path
from cms.publishing.wordpress.mapper import map_content
from cms.publishing.wordpress.planned import PlannedDocument, Status
from cms.publishing.wordpress.records import ExportItem
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.survey import (
    NO_DOCUMENT,
    TERM_TYPE_KEYS,
    TYPE_KEYS,
    ExportIndex,
    author_key,
    term_key,
)
from cms.publishing.wordpress.titles import has_markup, plain_title

THUMBNAIL = "_thumbnail_id"
MAX_SUMMARY = 500
# Imported, or only about how WordPress stores and edits.
READ_META = frozenset(
    {THUMBNAIL, OLD_SLUG, "_edit_last", "_edit_lock", "_wp_attached_file", "_wp_attachment_metadata", ALT}
)
OEMBED_CACHE = "_oembed_"


def plan_item(item: ExportItem, index: ExportIndex, *, outside: Outside, report: Report) -> PlannedDocument:
    """Plan the document of a post or page, mapping its content and reporting what it cannot keep."""
    title = plain_title(item.title)
    status, reasons = _status(item)
    if has_markup(item.title):
        reasons.append("the title had markup, its text is kept")
    report.name(item.source_key, title)
    for reason in reasons:
        report.adjust(item.source_key, reason)
    _report_rest(item, report)
    context = Context(outside, index.links, index.media, item.source_key, item.id, item.link, report)
    return PlannedDocument(
        source_key=item.source_key,
        type_key=TYPE_KEYS[item.type],
        title=title,
        slug=index.places.slugs[item.source_key],
        fields=_fields(item, title, context),
        status=status,
        parent_key=index.places.parents[item.source_key],
        date=item.date,
        author_key=author_key(item.author) if item.author else None,
        menu_order=item.menu_order,
        former_paths=_former_paths(item),
        reasons=tuple(reasons),
    )


def report_skipped(item: ExportItem, *, report: Report) -> None:
    """Say why an entry becomes no document; attachments are files and go another way."""
    if item.type == "attachment":
        _report_rest(item, report)
        return
    report.name(item.source_key, plain_title(item.title))
    if item.type in TYPE_KEYS or item.type == "revision":
        report.skip(item.source_key, NO_DOCUMENT.get(item.status, NO_DOCUMENT["inherit"]))
        return
    report.skip(item.source_key, f"there is no type for the post type {item.type}")
    report.count_unmapped("post type", item.type, item.source_key)


def _status(item: ExportItem) -> tuple[Status, list[str]]:
    """Never bring into public what was not, or only for those with a password."""
    if item.has_password:
        return "draft", ["a draft, because it is protected by a password"]
    if item.status == "publish":
        return "publish", []
    if item.status == "future" and item.date is not None:
        return "schedule", []
    if item.status == "draft":
        return "draft", []
    return "draft", [f"a draft, because its status is {item.status}"]


def _fields(item: ExportItem, title: str, context: Context) -> dict[str, object]:
    """Give pages and articles what their types have; WordPress itself gives pages no terms."""
    fields: dict[str, object] = {
        "title": title,
        "summary": _summary(item, context),
        "body": map_content(context, item.content),
    }
    hero = _hero(item, context)
    if hero is not None:
        fields["hero"] = hero
    if item.type == "post":
        if item.date is not None:
            fields["day"] = item.date.date().isoformat()
        fields["authors"] = _references([author_key(item.author)] if item.author else [], context.outside.document_key)
        fields["categories"] = _term_references(item, "category", context)
        fields["tags"] = _term_references(item, "post_tag", context)
    return fields


def _summary(item: ExportItem, context: Context) -> str:
    """Shorten an excerpt that is longer than a summary may be, at a space."""
    text = text_of(item.excerpt)
    if len(text) <= MAX_SUMMARY:
        return text
    context.report.adjust(item.source_key, f"the excerpt is cut to {MAX_SUMMARY} characters")
    return text[: MAX_SUMMARY - 1].rpartition(" ")[0].rstrip() + "…"


def _hero(item: ExportItem, context: Context) -> dict[str, object] | None:
    for attachment_id in item.meta_values(THUMBNAIL)[:1]:
        planned = context.media.media.get(attachment_id)
        asset = context.outside.asset_key(planned.url) if planned else None
        if planned and asset:
            return shapes.media(asset, planned.alt)
        context.miss_file(planned.url if planned else f"featured image {attachment_id}")
    return None


def _term_references(item: ExportItem, taxonomy: str, context: Context) -> list[str]:
    keys = [term_key(taxonomy, term.slug) for term in item.terms if term.taxonomy == taxonomy]
    return _references(keys, context.outside.document_key)


def _references(source_keys: list[str], document_key: Callable[[str], str | None]) -> list[str]:
    keys = (document_key(source_key) for source_key in source_keys)
    return [key for key in keys if key is not None]


def _former_paths(item: ExportItem) -> tuple[str, ...]:
    path = permalink_path(item.link)
    return tuple(dict.fromkeys([path, *former_paths(path, item.meta_values(OLD_SLUG))])) if path else ()


def _report_rest(item: ExportItem, report: Report) -> None:
    key = item.source_key
    report.count_comments(key, item.comment_count)
    if item.is_sticky:
        report.count_unmapped("setting", "sticky", key)
    for term in item.terms:
        if term.taxonomy not in TERM_TYPE_KEYS or item.type == "page":
            report.count_unmapped("taxonomy", term.taxonomy, key)
    for name, value in item.meta:
        if name in READ_META or not value or (name == "_wp_page_template" and value == "default"):
            continue
        report.count_unmapped("meta", f"{OEMBED_CACHE}*" if name.startswith(OEMBED_CACHE) else name, key)
