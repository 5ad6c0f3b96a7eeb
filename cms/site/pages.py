"""What does a template get to write one page? Everything at once, so that nothing is read while it renders."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery import types
from cms.delivery.markers import fill
from cms.delivery.rows import Row, locale_of
from cms.delivery.sql import instant
from cms.site.presenting import Block, Link, Presenter
from cms.site.queries import Material
from cms.site.words import words_for

OTHER_KINDS = ("blocks", "rich_text", "media")
"""Fields that the plain template of unknown types shows, if they stand for themselves."""


@dataclass(frozen=True)
class Translation:
    """A page in another language, for the switcher and for search engines."""

    code: str
    name: str
    direction: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Card:
    """A page in a list."""

    title: str
    url: str
    type: str
    day: Any
    fields: Mapping[str, Any]


def context(found: Material, site: SiteEntry, asked: LocaleEntry, *, origin: str) -> dict[str, Any]:
    """Build what the templates need; `asked` is the reader's locale, `origin` such as https://example.org."""
    chain = site.chain(asked.code)
    presenter = Presenter(types.current(), found.resolved, chain, found.features.has_avif)
    row = found.row
    locale = site.locales[site.locales_by_id[locale_of(row)]]
    fields = _fields(row, presenter)
    settings = _fields(found.furniture.settings, presenter) if found.furniture.settings else {}
    here = site.url(locale.code, row.url_path) if row.url_path else None
    seo = json.loads(row.seo)
    return {
        **frame(site, asked),
        "content_locale": locale,
        "is_fallback": locale.code != asked.code,
        "site_name": settings.get("site_name") or site.name,
        "settings": settings,
        "title": row.title,
        "seo_title": seo["title"],
        "description": seo["description"] or fields.get("summary") or "",
        "fields": fields,
        "others": _others(row, fields),
        "type": row.type_key,
        "is_home": row.url_path == "/",
        "day": fields.get("day") or instant(row.first_published_at).date(),
        "published": instant(row.first_published_at),
        "updated": instant(row.updated_at),
        "cards": [_card(each, presenter, site, locale) for each in found.below.rows],
        "older": found.below.older,
        "related": [Link(each.title, site.url(locale.code, each.url_path or "/")) for each in found.related],
        "here": here,
        "canonical": f"{origin}{here}" if here else None,
        "origin": origin,
        "crumbs": _crumbs(found, site, asked),
        "menu": _menu(found, presenter, site, here),
        "footer_menu": _links(found.furniture.footer, presenter, _current(site, here)),
        "translations": _translations(found, site, asked),
        "default_translation": next((t for t in _translations(found, site, asked) if _is_default(t, site)), None),
        "share_image": _share_image(fields, settings),
    }


def frame(site: SiteEntry | None, locale: LocaleEntry | None) -> dict[str, Any]:
    """Build what even a page without content needs; both are None when not even the sites can be read.

    Without a locale the language in use counts: that of the person, in the admin.
    """
    code = locale.code if locale else translation.get_language() or "en"
    return {
        "locale": locale,
        "language": code,
        "direction": locale.direction if locale else "ltr",
        "words": words_for(code),
        "site_name": site.name if site else "",
        "home": site.url(code, "/") if site else "/",
    }


def _fields(row: Row, presenter: Presenter) -> dict[str, Any]:
    return presenter.fields(row.type_key, json.loads(fill(row.data, presenter.resolved.targets)))


def _others(row: Row, fields: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """List (kind, value) of what the plain template shows, in the order of the type."""
    kind = types.current().get(row.type_key)
    defined = kind.definition["fields"] if kind else []
    return [
        (field["kind"], fields[field["key"]])
        for field in defined
        if field["kind"] in OTHER_KINDS and fields.get(field["key"]) and not field["options"].get("multiple")
    ]


def _card(row: Row, presenter: Presenter, site: SiteEntry, locale: LocaleEntry) -> Card:
    fields = _fields(row, presenter)
    day = fields.get("day") or instant(row.first_published_at).date()
    return Card(row.title, site.url(locale.code, row.url_path or "/"), row.type_key, day, fields)


def _crumbs(found: Material, site: SiteEntry, asked: LocaleEntry) -> list[Link]:
    """Link the pages above; the home page is called so, since its title may be a whole sentence."""
    home = words_for(asked.code)["home"]
    return [Link(home if each.path == "/" else each.title, site.url(each.locale, each.path)) for each in found.above]


def _menu(found: Material, presenter: Presenter, site: SiteEntry, here: str | None) -> list[Link]:
    current = _current(site, here)
    if found.furniture.main is not None:
        return _links(found.furniture.main, presenter, current)
    codes = site.locales_by_id
    urls = [(row.title, site.url(codes[locale_of(row)], row.url_path or "/")) for row in found.navigation]
    return [Link(title, url, is_current=url in current) for title, url in urls]


def _links(row: Row | None, presenter: Presenter, current: Set[str]) -> list[Link]:
    return _menu_links(_fields(row, presenter).get("links") or [], current) if row else []


def _menu_links(blocks: Sequence[Block], current: Set[str]) -> list[Link]:
    """Turn blocks of a menu into links; one whose page is not published is left out."""
    links = []
    for block in blocks:
        target, value = block.value.get("target"), block.value
        url = target.url if target else value.get("url")
        label = value.get("label") or (target.label if target else "")
        if url and label:
            below = tuple(_menu_links(value.get("children") or [], current))
            links.append(Link(label, url, below, is_current=url in current))
    return links


def _current(site: SiteEntry, here: str | None) -> Set[str]:
    """List the addresses of the page at hand and of the pages above it; the home page is above everything."""
    if here is None:
        return frozenset()
    parts = here.strip("/").split("/")
    above = {"/" + "".join(f"{part}/" for part in parts[:depth]) for depth in range(1, len(parts) + 1)}
    return (above - {site.url(code, "/") for code in site.locales}) | {here}


def _translations(found: Material, site: SiteEntry, asked: LocaleEntry) -> list[Translation]:
    urls = {each.locale: site.url(each.locale, each.path) for each in found.translations}
    return [
        Translation(entry.code, entry.name, entry.direction, urls[code], code == asked.code)
        for code, entry in site.locales.items()
        if code in urls
    ]


def _is_default(translation: Translation, site: SiteEntry) -> bool:
    return translation.code == site.default_locale.code


def _share_image(fields: Mapping[str, Any], settings: Mapping[str, Any]) -> Any:
    chosen: Iterable[Any] = (fields.get("hero"), settings.get("share_image"))
    return next((each.wide for each in chosen if each is not None and each.wide is not None), None)
