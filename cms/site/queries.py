"""What does a page need besides its own row? A fixed number of statements, whatever its blocks, links and pictures.

For a page by path: what stands there, settings and menus, what is above and its translations, what is below (not for
articles), and everything that all of these point at. A site without a menu costs one more, and so do related articles.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery import queries
from cms.delivery.cursor import CursorBroken, decode, encode
from cms.delivery.filters import Condition, FilterRefused, Wanted, conditions, order, read_order_value, type_condition
from cms.delivery.markers import REFERENCE_KEY
from cms.delivery.queries import VISIBLE, Resolved
from cms.delivery.rows import Row, document_id_of, locale_of
from cms.delivery.sql import fetch, instant, uuid_text
from cms.site.flags import NO_FEATURES, Features
from cms.site.related import related

LEVELS_MAX = 30
FURNITURE_MAX = 50
"""How many rows of settings and menus are looked at."""
NAVIGATION_MAX = 8
LIST_SIZE = 9
LATEST_SIZE = 6
"""Articles on the home page."""
FURNITURE = ("site_settings", "menu")


class Crumb(NamedTuple):
    """A page as others name it."""

    document_id: str
    path: str
    title: str
    locale: str
    version: int


class Furniture(NamedTuple):
    """What all pages share; `main` and `footer` are menus."""

    settings: Row | None
    main: Row | None
    footer: Row | None

    @property
    def rows(self) -> list[Row]:
        return [row for row in self if row is not None]


class Below(NamedTuple):
    """One page of a list; `older` is the cursor of the next one."""

    rows: list[Row]
    older: str | None


class Material(NamedTuple):
    """Everything that one page is made of."""

    row: Row
    furniture: Furniture
    above: list[Crumb]
    translations: list[Crumb]
    below: Below
    navigation: list[Row]
    resolved: Resolved
    related: list[Row]
    features: Features

    @property
    def rows(self) -> list[Row]:
        return [self.row, *self.below.rows, *self.navigation, *self.furniture.rows, *self.related]


def material(
    row: Row,
    site: SiteEntry,
    chain: Sequence[LocaleEntry],
    *,
    before: str | None,
    now: datetime,
    features: Features = NO_FEATURES,
) -> Material:
    """Read what belongs to a page. Raises CursorBroken and CursorMismatch for a `before` that is not ours."""
    furniture = _furniture(site, chain, now=now)
    above, translations = _around(row, site, now=now)
    own = (site.locales[site.locales_by_id[locale_of(row)]],)
    below = _below(row, site, own, before=before, now=now)
    home = document_id_of(row) if row.url_path == "/" else next((each.document_id for each in above), None)
    navigation = _navigation(home, site, own, now=now) if home and furniture.main is None else []
    rows = [row, *below.rows, *furniture.rows]
    resolved = queries.resolve(rows, site, chain, now=now)
    others = related(row, site, own, now=now) if features.has_related else []
    return Material(row, furniture, above, translations, below, navigation, resolved, others, features)


def _furniture(site: SiteEntry, chain: Sequence[LocaleEntry], *, now: datetime) -> Furniture:
    newest = order("-published_at", types=(), filterable={})
    found = queries.documents(
        site, chain, [type_condition(FURNITURE)], newest, after=None, limit=FURNITURE_MAX, now=now
    )
    rows = [row for row, _ in found]
    settings = next((row for row in rows if row.type_key == "site_settings"), None)
    menus = [(row, json.loads(row.data)) for row in rows if row.type_key == "menu"]
    chosen = json.loads(settings.data) if settings else {}

    def menu(field: str, handle: str) -> Row | None:
        key = (chosen.get(field) or {}).get(REFERENCE_KEY)
        named = (row for row, _ in menus if uuid_text(row.translation_key) == key)
        return next(named, None) or next((row for row, data in menus if data.get("handle") == handle), None)

    return Furniture(settings, menu("main_menu", "main"), menu("footer_menu", "footer"))


def _around(row: Row, site: SiteEntry, *, now: datetime) -> tuple[list[Crumb], list[Crumb]]:
    """Read the published pages above, from the home page down, and the translations, with one statement."""
    sql = f"""
    WITH RECURSIVE up(document_id, parent_id, url_path, title, locale_id, version, level) AS (
      SELECT p.document_id, p.parent_id, p.url_path, p.title, p.locale_id, p.version, 1
        FROM cms_delivery_publication p WHERE p.document_id = %s AND p.url_path IS NOT NULL AND {VISIBLE.format("p")}
      UNION ALL
      SELECT p.document_id, p.parent_id, p.url_path, p.title, p.locale_id, p.version, up.level + 1
        FROM cms_delivery_publication p JOIN up ON p.document_id = up.parent_id
        WHERE up.level < {LEVELS_MAX:d} AND p.url_path IS NOT NULL AND {VISIBLE.format("p")}
    )
    SELECT 0, up.document_id, up.url_path, up.title, up.locale_id, up.version, up.level FROM up
    UNION ALL
    SELECT 1, p.document_id, p.url_path, p.title, p.locale_id, p.version, 0 FROM cms_delivery_publication p
      WHERE p.translation_key = %s AND p.site_id = %s AND p.url_path IS NOT NULL AND {VISIBLE.format("p")}
    ORDER BY 1, 7 DESC, 2"""
    parent = row.parent_id if row.parent_id is not None else row.document_id
    found = fetch(sql, [parent, now, now, now, now, row.translation_key, site.id, now, now])
    codes = {str(each): code for each, code in site.locales_by_id.items()}
    crumbs = [
        (kind, Crumb(uuid_text(pk) or "", path, title, codes[locale], version))
        for kind, pk, path, title, locale_id, version, _ in found
        if (locale := uuid_text(locale_id) or "") in codes
    ]
    above = [crumb for kind, crumb in crumbs if kind == 0 and crumb.document_id != document_id_of(row)]
    return above, [crumb for kind, crumb in crumbs if kind == 1]


def _below(row: Row, site: SiteEntry, chain: Sequence[LocaleEntry], *, before: str | None, now: datetime) -> Below:
    """Read what a page lists: a section its pages, the home page the newest articles, an article nothing."""
    wanted = _listing(row)
    if wanted is None:
        return Below([], None)
    where, order_name, size = wanted
    ordering = order(order_name, types=(), filterable={})
    query = f"{document_id_of(row)} {order_name}"
    after = _after(query, before, ordering.column)
    found = queries.documents(site, chain, [where], ordering, after=after, limit=size + 1, now=now)
    rows = [each for each, _ in found[:size]]
    older = None
    if len(found) > size and row.url_path != "/":
        last, value = found[size - 1]
        older = encode(query, [instant(value).isoformat() if ordering.column == "time" else value, uuid_text(last.id)])
    return Below(rows, older)


def _listing(row: Row) -> tuple[Condition, str, int] | None:
    """Say what a page lists, in which order and how much at once."""
    if row.url_path == "/":
        return type_condition(("article",)), "-published_at", LATEST_SIZE
    children = Condition("p.parent_id = %s AND p.url_path IS NOT NULL", (row.document_id,))
    if row.type_key == "section":
        listing = json.loads(row.data).get("listing") or "newest"
        if listing == "none":
            return None
        return children, "tree" if listing == "manual" else "-published_at", LIST_SIZE
    return None if row.type_key == "article" else (children, "tree", LIST_SIZE)


def _after(query: str, before: str | None, column: str) -> tuple[Any, Any] | None:
    if before is None:
        return None
    last = decode(query, before)
    try:
        value, pk = last
        return read_order_value(value, column), read_order_value(pk, "ref")
    except (ValueError, FilterRefused) as error:
        raise CursorBroken(before) from error


def _navigation(home: str, site: SiteEntry, chain: Sequence[LocaleEntry], *, now: datetime) -> list[Row]:
    """Read the pages below the home page that want to be in the navigation: for sites without a menu."""
    shown = {"in_navigation": "text"}
    wanted = [
        Wanted("parent", "parent", "eq", home),
        Wanted("in_navigation", "in_navigation", "eq", "true"),
    ]
    found = queries.documents(
        site,
        chain,
        conditions(wanted, types=("page", "section"), filterable=shown),
        order("tree", types=(), filterable={}),
        after=None,
        limit=NAVIGATION_MAX,
        now=now,
    )
    return [row for row, _ in found]
