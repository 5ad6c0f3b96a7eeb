"""Where does an import go? The site, the locale and the page below which everything is put."""

from dataclasses import dataclass
from datetime import datetime

from cms.accounts import sites
from cms.accounts.actor import Actor
from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.content import types
from cms.content.models import Document
from cms.publishing.wordpress.records import ExportHeader

DOCUMENT_TYPES = ("page", "section", "article", "author", "category", "tag", "menu")
BLOCK_TYPES = (
    "heading", "paragraph", "image", "gallery", "quote", "list", "table", "code", "embed", "file", "button",
    "columns", "column", "html", "menu_link",
)  # fmt: skip
MAX_SOURCE = 400


class ImportRefused(Exception):
    """An import cannot begin; the text says why and what to do. Nothing was written."""


@dataclass(frozen=True)
class Target:
    """A site and a locale to import into; `source` names the exported site for good."""

    site: SiteEntry
    locale: LocaleEntry
    source: str
    by: Actor
    now: datetime


def find_target(
    header: ExportHeader, *, site_key: str | None, locale_code: str | None, by: Actor, now: datetime
) -> Target:
    """Choose the site (the default one for None) and the locale (that of the site for None). Raises ImportRefused."""
    _check_types()
    site = _site(site_key)
    code = locale_code or site.default_locale.code
    if code not in site.locales:
        raise ImportRefused(f"Locale {code} is not on site {site.key}; it has: {', '.join(site.locales)}.")
    return Target(site, site.locales[code], source_of(header), by, now)


def find_root(target: Target, under: str | None) -> Document | None:
    """Find the page to import below: the one at the path `under`, or the home page, None when there is none yet.

    Raises ImportRefused.
    """
    pages = Document.objects.in_use().filter(site_id=target.site.id, locale_id=target.locale.id)
    if under is None:
        return pages.filter(url_path="/").first()
    path = f"/{under.strip('/')}/" if under.strip("/") else "/"
    found = pages.filter(url_path=path).first()
    if found is None:
        raise ImportRefused(f"There is no page at {path} to import below; make it first, or leave --under out.")
    return found


def source_of(header: ExportHeader) -> str:
    """Name the exported site by its address without the scheme, which a site may change at any time."""
    address = header.base_url.partition("://")[2] or header.base_url or header.title
    return address.rstrip("/").lower()[:MAX_SOURCE]


def _site(key: str | None) -> SiteEntry:
    known = sites.current()
    if key is not None:
        if key not in known.by_key:
            raise ImportRefused(f"There is no site {key}; there are: {', '.join(known.by_key) or 'none'}.")
        return known.by_key[key]
    if known.default is None:
        raise ImportRefused("There is no site to import into; make one in the admin first.")
    return known.default


def _check_types() -> None:
    known = types.current()
    missing = [key for key in (*DOCUMENT_TYPES, *BLOCK_TYPES) if key not in known.definitions or key in known.archived]
    if missing:
        raise ImportRefused(
            f"These types of documents and blocks are missing: {', '.join(missing)}. "
            "Restore them, or apply the starter types with `manage.py types apply`."
        )
