"""Which document of the export does an address mean? Knows permalinks, short links and former slugs."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

ID_PARAMETERS = ("p", "page_id", "attachment_id")
OLD_SLUG = "_wp_old_slug"
LINK = re.compile(r"""(<a\b[^>]*?\bhref\s*=\s*)(["'])(.*?)\2""", re.IGNORECASE | re.DOTALL)


@dataclass
class LinkIndex:
    """Map the addresses of the exported site to source keys."""

    hosts: set[str] = field(default_factory=set)
    by_path: dict[str, str] = field(default_factory=dict)
    by_id: dict[str, str] = field(default_factory=dict)

    def add_host(self, address: str) -> None:
        """Accept the host of an address as the exported site."""
        host = _split(address)[0]
        if host:
            self.hosts.add(host)

    def add(self, source_key: str, *, item_id: str, link: str, old_slugs: list[str]) -> None:
        """Remember where one post or page stood; the current address of one wins over a former one of another."""
        self.add_host(link)
        self.by_id[item_id] = source_key
        path = permalink_path(link)
        if path:
            self.by_path[path.strip("/")] = source_key
            for former in former_paths(path, old_slugs):
                self.by_path.setdefault(former.strip("/"), source_key)

    def find(self, address: str, *, base: str = "") -> str | None:
        """Return the source key an address means, None for other sites, files and unknown paths.

        `base` is the permalink of the document that holds the link, for relative addresses.
        """
        address = address.strip()
        if not address or address.startswith("#"):
            return None
        host, path, query = _split(_join(base, address))
        if host and host not in self.hosts:
            return None
        for parameter in ID_PARAMETERS:
            if parameter in query:
                return self.by_id.get(query[parameter][0])
        return self.by_path.get(path.strip("/")) if path.strip("/") else None


def permalink_path(link: str) -> str:
    """Return the path of a permalink, like `/2010/05/hello/`; empty for a short link such as `/?p=12`."""
    _, path, query = _split(link)
    return "" if query or not path.strip("/") else path


def former_paths(path: str, old_slugs: list[str]) -> list[str]:
    """Return the paths a document had under its former slugs, beside its last path."""
    parent = path.rstrip("/").rpartition("/")[0]
    return [f"{parent}/{unquote(slug)}/" for slug in old_slugs]


def rewrite_links(source: str, *, target: Callable[[str], str | None]) -> str:
    """Replace the address of every link for which `target` knows a better one."""

    def replace(match: re.Match[str]) -> str:
        better = target(html.unescape(match[3]))
        return match[0] if better is None else f"{match[1]}{match[2]}{html.escape(better)}{match[2]}"

    return LINK.sub(replace, source)


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def _split(address: str) -> tuple[str, str, dict[str, list[str]]]:
    """Return host without `www.`, decoded path, query; an unreadable or foreign kind of address has none."""
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
        if parts.scheme not in ("", "http", "https"):
            return "invalid", "", {}
        return host, unquote(parts.path), parse_qs(parts.query)
    except ValueError:
        return "invalid", "", {}
