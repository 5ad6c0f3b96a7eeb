"""Which HTML may prose contain: the features of a field decide, for the editor and for the sanitiser alike."""

import html as entities
import re
from collections.abc import Collection, Iterable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3

FEATURES: dict[str, frozenset[str]] = {
    "bold": frozenset({"strong", "b"}),
    "italic": frozenset({"em", "i"}),
    "underline": frozenset({"u"}),
    "strike": frozenset({"s", "del"}),
    "code": frozenset({"code"}),
    "subscript": frozenset({"sub"}),
    "superscript": frozenset({"sup"}),
    "link": frozenset({"a"}),
    "list": frozenset({"ul", "ol", "li"}),
    "heading": frozenset({"h2", "h3", "h4", "h5", "h6"}),
    "quote": frozenset({"blockquote", "cite"}),
    "rule": frozenset({"hr"}),
    "code_block": frozenset({"pre", "code"}),
    "table": frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}),
    "image": frozenset({"img", "figure", "figcaption"}),
}
DEFAULT_FEATURES = ("bold", "italic", "link", "list")
ALWAYS_ALLOWED = frozenset({"p", "br"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href", "title", "hreflang"}),
    "ol": frozenset({"start"}),
    "th": frozenset({"scope", "colspan", "rowspan"}),
    "td": frozenset({"colspan", "rowspan"}),
    "img": frozenset({"src", "alt", "title", "width", "height"}),
}
# Their text is not prose: without this the source of a script would remain as words.
DROPPED_WITH_CONTENT = frozenset({"script", "style", "template", "noscript", "iframe", "object"})
LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
IMAGE_SCHEMES = frozenset({"http", "https"})

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
DOCUMENT_LINK = re.compile(rf"cms:document/({UUID})(#[^\s\"'<>]*)?", re.IGNORECASE)
HREF_OF_DOCUMENT = re.compile(rf'href="cms:document/({UUID})', re.IGNORECASE)


def sanitise(html: str, features: Collection[str] = DEFAULT_FEATURES) -> tuple[str, list[str]]:
    """Return the HTML that these features allow, and what was removed (`<script>`, `onclick`, `href=javascript:`).

    Removed parts are listed once per occurrence, in order, so that importers can count them.
    """
    clean = clean_html(html, features)
    return clean, [] if clean == html else _removed(html, allowed_tags(features))


def clean_html(html: str, features: Collection[str] = DEFAULT_FEATURES) -> str:
    """Return the HTML that these features allow; listing what was removed takes four times as long, see `sanitise`."""
    tags = allowed_tags(features)
    return nh3.clean(
        html,
        tags=set(tags),
        clean_content_tags=set(DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=_keep_attribute,
        url_schemes={*LINK_SCHEMES, "cms"},
        link_rel=None,
        generic_attribute_prefixes=set(),
    )


def allowed_tags(features: Iterable[str]) -> frozenset[str]:
    """Return the tags that these features allow; paragraphs and line breaks always are."""
    return ALWAYS_ALLOWED.union(*(FEATURES[feature] for feature in features))


def text_of(html: str) -> str:
    """Return the words of the HTML, tags gone and white space collapsed, for search and for checks of emptiness."""
    collector = _Text()
    collector.feed(html)
    collector.close()
    return " ".join("".join(collector.parts).split())


def is_blank(html: str) -> bool:
    """Tell whether sanitised HTML shows nothing: no words, image or rule (editors leave `<p></p>` behind)."""
    words = entities.unescape(re.sub(r"<[^>]*>", "", html)).strip()
    return not words and not re.search(r"<(img|hr)\b", html)


def document_links(html: str) -> list[str]:
    """Return the translation keys that sanitised HTML links to, in order and with repetitions."""
    return HREF_OF_DOCUMENT.findall(html)


def safe_url(url: str, schemes: Collection[str] = LINK_SCHEMES) -> str | None:
    """Return the address if a reader may safely follow it, or None.

    Safe are absolute addresses of these schemes, site-relative paths, and fragments. Browsers read `\\` as `/` and
    skip tabs and newlines, which turns `/\\host` into another site, so these are refused wherever they stand.
    """
    url = url.strip()
    if not url or re.search(r"[\x00-\x1f\x7f\\]", url) or url.startswith("//"):
        return None
    if url.startswith(("/", "#", "?")):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme.lower() not in schemes:
        return None
    return url if parts.netloc or (parts.scheme.lower() not in IMAGE_SCHEMES and parts.path) else None


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("a", "href"):
        found = DOCUMENT_LINK.fullmatch(value.strip())
        return f"cms:document/{found[1].lower()}{found[2] or ''}" if found else safe_url(value)
    if (tag, name) == ("img", "src"):
        return safe_url(value, IMAGE_SCHEMES)
    return value


def _removed(html: str, tags: Collection[str]) -> list[str]:
    inventory = _Inventory(tags)
    inventory.feed(html)
    inventory.close()
    return inventory.removed


class _Inventory(HTMLParser):
    """Lists what the sanitiser will take away; it only counts, safety rests with nh3."""

    def __init__(self, tags: Collection[str]) -> None:
        super().__init__()
        self.tags = tags
        self.removed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.tags:
            self.removed.append(f"<{tag}>")
            return
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()):
                self.removed.append(name)
            elif _keep_attribute(tag, name, value or "") is None:
                scheme, colon, _ = (value or "").strip().partition(":")
                self.removed.append(f"{name}={scheme.lower() if colon else ''}{colon}")

    def handle_comment(self, data: str) -> None:
        self.removed.append("<!-- -->")


class _Text(HTMLParser):
    SILENT = frozenset({"script", "style"})
    INLINE = frozenset().union(*(FEATURES[each] for each in ("bold", "italic", "underline", "strike", "code"))) | {
        "sub", "sup", "a", "cite", "span",
    }  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        if tag not in self.INLINE:
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in self.SILENT))
        if tag not in self.INLINE:
            self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)
