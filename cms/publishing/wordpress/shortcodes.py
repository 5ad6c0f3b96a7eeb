"""Which shortcodes does a text hold? Known ones become elements the mapper understands, others are named."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

SHORTCODE = re.compile(r"\[(\[?)(/?)([A-Za-z][\w-]*)((?:\s[^\[\]<>]*)?)(\]?)\]")
CAPTION = re.compile(r"\[(?:wp_)?caption\b([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.DOTALL)
CAPTION_MEDIA = re.compile(r"\s*((?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
EMBED = re.compile(r"\[embed\b[^\]]*\]\s*(\S+?)\s*\[/embed\]", re.DOTALL)
GALLERY = re.compile(r"(?<!\[)\[gallery\b([^\]]*)\](?!\])")
ATTRIBUTE = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))""")
# A single plain word in brackets is prose ("[sic]", "[top]") unless it is one of these.
BUILT_IN = frozenset({"audio", "video", "playlist", "gallery", "caption", "embed", "wp_caption"})


def replace_shortcodes(content: str, *, count: Callable[[str], None]) -> str:
    """Return the content with captions, embeds and galleries as elements; other shortcodes stay as text.

    `count` is called with the name of each shortcode that has no counterpart here.
    """
    content = CAPTION.sub(_figure, content)
    content = EMBED.sub(lambda match: f'\n\n<wp-embed url="{_attribute(match[1])}"></wp-embed>\n\n', content)
    content = GALLERY.sub(_gallery, content)
    return SHORTCODE.sub(lambda match: _other(match, content, count), content)


def attributes_of(text: str) -> dict[str, str]:
    """Read the attributes of a shortcode, quoted in either way or not at all."""
    return {match[1].lower(): match[2] or match[3] or match[4] or "" for match in ATTRIBUTE.finditer(text)}


def _figure(match: re.Match[str]) -> str:
    """The caption is what follows the image, or in the oldest form an attribute."""
    media = CAPTION_MEDIA.fullmatch(match[2])
    if media is None:
        return match[2]
    caption = media[2].strip() or escape(attributes_of(match[1]).get("caption", ""), quote=False)
    return f"\n\n<figure>{media[1]}<figcaption>{caption}</figcaption></figure>\n\n"


def _gallery(match: re.Match[str]) -> str:
    attributes = attributes_of(match[1])
    ids = attributes.get("ids") or attributes.get("include") or ""
    return f'\n\n<wp-gallery ids="{_attribute(ids)}"></wp-gallery>\n\n'


def _attribute(text: str) -> str:
    """Quote a value that may already hold entities, as an address in HTML does."""
    return text.replace('"', "&quot;").replace("<", "&lt;")


def _other(match: re.Match[str], content: str, count: Callable[[str], None]) -> str:
    opening, slash, name, attributes, closing = match.groups()
    if opening and closing:  # `[[name]]` is the escaped way to show a shortcode
        return match[0][1:-1]
    has_end = f"[/{name}]" in content
    if not slash and (name in BUILT_IN or has_end or "-" in name or "_" in name or ATTRIBUTE.search(attributes)):
        count(name)
    return match[0]
