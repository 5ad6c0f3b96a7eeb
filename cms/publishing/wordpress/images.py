"""How do images, galleries and files of the export become blocks? With the asset, or at their original address."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from lxml import html

from cms.publishing.wordpress import shapes
from cms.publishing.wordpress.attachments import PlannedMedia
from cms.publishing.wordpress.context import Context
from cms.publishing.wordpress.fragments import all_of, first, inner_html, outer_html, text_of
from cms.publishing.wordpress.shapes import Block

MAX_FILE_LABEL = 200
IMAGE_ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp")


def map_image(context: Context, element: html.HtmlElement, caption: str = "") -> list[Block]:
    """Return an image block, or an HTML block with the original address when the file is not at hand.

    `element` is the `<img>` or an element around it, like a link or a figure.
    """
    picture = first(element, "img")
    if picture is None or not picture.get("src"):
        return []
    address = picture.get("src", "")
    asset = context.asset(address)
    if asset is None:
        context.miss_file(address)
        return context.html_blocks(_figure(element, picture, caption))
    link = _link_around(context, picture)
    return [shapes.image(asset, _alternative(context, picture), text_of(caption)[: shapes.MAX_CAPTION], link)]


def map_gallery(context: Context, source: str) -> list[Block]:
    """Return a gallery of all images in a piece of HTML; it stays HTML when one file is not at hand."""
    pictures = [picture for picture in all_of(source, "img") if picture.get("src")]
    addresses = [picture.get("src", "") for picture in pictures]
    return _gallery(context, addresses, [_alternative(context, picture) for picture in pictures], source)


def map_gallery_of_ids(context: Context, ids: str) -> list[Block]:
    """Return the gallery of a shortcode: the given attachments, or without ids those of the post itself."""
    wanted = [one.strip() for one in ids.split(",") if one.strip()]
    media = [context.media.media[one] for one in wanted if one in context.media.media]
    if not wanted:
        media = context.media.of_parent(context.item_id)
    for one in wanted:
        if one not in context.media.media:
            context.count_unmapped("setting", f"gallery image {one} is not in the export")
    return _gallery(context, [one.url for one in media], [one.alt for one in media], _original_gallery(media))


def map_file(context: Context, address: str, label: str, original: str) -> list[Block]:
    """Return a file block, or HTML with the original address when the file is not at hand."""
    asset = context.asset(address) if address else None
    if asset is not None:
        return [shapes.file(asset, label[:MAX_FILE_LABEL])]
    if address:
        context.miss_file(address)
    return context.html_blocks(original)


def _gallery(context: Context, addresses: list[str], alternatives: list[str], original: str) -> list[Block]:
    assets = [context.asset(address) for address in addresses]
    known = [asset for asset in assets if asset is not None]
    if known and len(known) == len(assets):
        values = [shapes.media(asset, alt) for asset, alt in zip(known, alternatives, strict=True)]
        return [shapes.gallery(values, "")]
    for address, asset in zip(addresses, assets, strict=True):
        if asset is None:
            context.miss_file(address)
    return context.html_blocks(original)


def _original_gallery(media: list[PlannedMedia]) -> str:
    figures = (
        f'<figure><img src="{escape(one.url)}" alt="{escape(one.alt)}">'
        f"<figcaption>{escape(one.caption)}</figcaption></figure>"
        for one in media
    )
    return "".join(figures)


def _figure(element: html.HtmlElement, picture: html.HtmlElement, caption: str) -> str:
    """Keep a link around the picture, which is all that an HTML block can keep beside picture and caption."""
    link = picture.getparent()
    media = outer_html(link) if link is not None and link.tag == "a" and element is not picture else outer_html(picture)
    return f"<figure>{media}<figcaption>{caption}</figcaption></figure>" if caption else f"<figure>{media}</figure>"


def _alternative(context: Context, picture: html.HtmlElement) -> str:
    """Prefer the text at the picture, then that of the attachment; an empty one at the picture may be an oversight."""
    planned = context.media.find(picture.get("src", ""))
    return (picture.get("alt") or (planned.alt if planned else "")).strip()


def _link_around(context: Context, picture: html.HtmlElement) -> str:
    """Return where a click leads; a link to the picture itself is none. Our links hold addresses, no documents."""
    link = picture.getparent()
    address = link.get("href", "").strip() if link is not None and link.tag == "a" else ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    if not address or parts.path.lower().endswith(IMAGE_ENDINGS):
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        context.count_unmapped("setting", "link around an image")
        return ""
    return address


def caption_of(figure: html.HtmlElement) -> str:
    """Return the inline HTML of a figure's caption, empty when it has none."""
    caption = first(figure, "figcaption")
    return inner_html(caption) if caption is not None and text_of(inner_html(caption)) else ""
