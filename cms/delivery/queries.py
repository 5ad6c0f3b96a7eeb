"""Reads of published content: a fixed number of statements, whatever the blocks, links, locales or documents.

Each answer takes two statements at most (see the README): the rows, then everything they point at together.
All run on the node that serves reads.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery.filters import Condition, Order
from cms.delivery.markers import Target
from cms.delivery.rows import COLUMNS, Depends, Row
from cms.delivery.sql import fetch, marks, uuid_text

VISIBLE = "{0}.visible_from <= %s AND ({0}.visible_until IS NULL OR {0}.visible_until > %s)"
NAVIGATION_MAX = 1_000


class AssetRow(NamedTuple):
    """An asset as the batch of targets reads it; `alt` and `ladder` are JSON text."""

    id: str
    mime: str
    file_name: str
    title: str
    version: int
    alt: str
    ladder: str
    hash: str
    width: int | None
    height: int | None
    size_bytes: int
    focal_x: float
    focal_y: float


class Resolved(NamedTuple):
    """What rows point at: documents by translation key, assets by id; and all that they name, found or not."""

    depends: Depends
    targets: dict[str, Target]
    assets: dict[str, AssetRow]


class Found(NamedTuple):
    """What stands at a path: `row` is what the reader gets, `path_locale` the locale whose path was asked for."""

    row: Row | None
    path_locale: UUID | None
    target_url: str
    status: int


def document(document_id: UUID, site: SiteEntry, chain: Sequence[LocaleEntry], *, now: datetime) -> Row | None:
    """Read what is published of a document; with a chain of locales, its translation in the first that has one."""
    if not chain:
        sql = f"SELECT {COLUMNS} FROM cms_delivery_publication p WHERE p.document_id = %s AND p.site_id = %s AND "
        rows = fetch(sql + VISIBLE.format("p"), [document_id, site.id, now, now])
    else:
        sql = (
            f"SELECT {COLUMNS} FROM cms_delivery_publication b JOIN cms_delivery_publication p"
            " ON p.translation_key = b.translation_key AND p.site_id = b.site_id"
            f" WHERE b.document_id = %s AND b.site_id = %s AND p.locale_id IN ({marks(chain)})"
            f" AND {VISIBLE.format('p')} ORDER BY {_rank('p', chain)} LIMIT 1"
        )
        ids = [locale.id for locale in chain]
        rows = fetch(sql, [document_id, site.id, *ids, now, now, *ids])
    return Row(*rows[0]) if rows else None


def at_path(path: str, site: SiteEntry, chain: Sequence[LocaleEntry], *, now: datetime) -> Found | None:
    """Read what stands at a path, now or formerly, in the first locale of the chain that knows it; None if none does.

    The document comes in the best translation of the chain, so that a path of a fallback locale finds it too.
    """
    ids = [locale.id for locale in chain]
    sql = (
        f"SELECT a.locale_id, a.target_url, a.status, {COLUMNS} FROM cms_delivery_path a"
        " LEFT JOIN cms_delivery_publication p ON p.translation_key = a.translation_key AND p.site_id = a.site_id"
        f" AND p.locale_id IN ({marks(chain)}) AND {VISIBLE.format('p')}"
        f" WHERE a.site_id = %s AND a.path = %s AND a.locale_id IN ({marks(chain)}) AND a.valid_from <= %s"
        f" AND (p.id IS NOT NULL OR a.translation_key IS NULL)"
        f" ORDER BY {_rank('a', chain)}, {_rank('p', chain)} LIMIT 1"
    )
    rows = fetch(sql, [*ids, now, now, site.id, path, *ids, now, *ids, *ids])
    if not rows:
        return None
    locale_id, target_url, status, *columns = rows[0]
    row = Row(*columns) if columns[0] is not None else None
    return Found(row, UUID(uuid_text(locale_id) or ""), target_url, status)


def documents(
    site: SiteEntry,
    chain: Sequence[LocaleEntry],
    conditions: Sequence[Condition],
    order: Order,
    *,
    after: Sequence[Any] | None,
    limit: int,
    now: datetime,
) -> list[tuple[Row, Any]]:
    """Read one page of a list, with the order value of each row; a document missing in a locale comes from the next.

    One ordered branch for each locale of the chain, each with "no better translation is visible": every branch stops
    after `limit` rows, where sorting all translations together would read them all.
    """
    branches, values = [], []
    for depth in range(len(chain)):
        sql, branch_values = _branch(site, chain[: depth + 1], conditions, order, after=after, limit=limit, now=now)
        branches.append(f"SELECT * FROM ({sql}) b{depth}")
        values += branch_values
    sql = " UNION ALL ".join(branches)
    if len(branches) > 1:
        sql = f"SELECT * FROM ({sql}) u ORDER BY order_value {order.direction}, id {order.direction} LIMIT {limit:d}"
    return [(Row(*columns), order_value) for order_value, *columns in fetch(sql, values)]


def _branch(
    site: SiteEntry,
    chain: Sequence[LocaleEntry],
    conditions: Sequence[Condition],
    order: Order,
    *,
    after: Sequence[Any] | None,
    limit: int,
    now: datetime,
) -> tuple[str, list[Any]]:
    locale, better = chain[-1], chain[:-1]
    joins: list[Condition | Order] = [*(each for each in conditions if each.join), *([order] if order.join else [])]
    where = [condition for condition in conditions if condition.where]
    keyset = f" AND ({order.expression}, p.id) {order.comparison} (%s, %s)" if after is not None else ""
    missing = (
        " AND NOT EXISTS (SELECT 1 FROM cms_delivery_publication t WHERE t.translation_key = p.translation_key"
        f" AND t.locale_id IN ({marks(better)}) AND {VISIBLE.format('t')})"
        if better
        else ""
    )
    sql = (
        f"SELECT {order.expression} AS order_value, {COLUMNS} FROM cms_delivery_publication p"
        + "".join(f" {condition.join}" for condition in joins)
        + f" WHERE p.site_id = %s AND p.locale_id = %s AND {VISIBLE.format('p')}"
        + "".join(f" AND {condition.where}" for condition in where)
        + missing
        + keyset
        + f" ORDER BY {order.expression} {order.direction}, p.id {order.direction} LIMIT {limit:d}"
    )
    values = [value for condition in joins for value in condition.join_values(locale.id)]
    values += [site.id, locale.id, now, now]
    values += [value for condition in where for value in condition.values]
    values += [*[each.id for each in better], now, now] if better else []
    values += list(after) if after is not None else []
    return sql, values


TARGETS = """
SELECT 0, t.translation_key, t.document_id, t.type_key, t.url_path, t.title, t.version, t.locale_id,
  CAST(NULL AS text), CAST(NULL AS text), CAST(NULL AS text), 0, 0, 0, 0.0, 0.0
FROM cms_delivery_publication t
WHERE t.translation_key IN ({keys}) AND t.site_id = %s AND t.locale_id IN ({locales}) AND {visible}"""
ASSETS = """
SELECT 1, a.id, a.id, a.mime, a.file_name, a.title, a.version, CAST(NULL AS uuid),
  CAST(a.alt AS text), CAST(a.ladder AS text), a.hash, a.width, a.height, a.size_bytes, a.focal_x, a.focal_y
FROM cms_media_asset a WHERE a.id IN ({ids})"""


def resolve(
    rows: Sequence[Row], site: SiteEntry, chain: Sequence[LocaleEntry], *, extra: Sequence[str] = (), now: datetime
) -> Resolved:
    """Read everything that rows point at, with one statement; none when they point at nothing.

    `extra` are further translation keys. Each target comes in the first locale of the chain that has it.
    """
    depends = Depends(rows)
    keys = list(dict.fromkeys([*depends.keys, *extra]))
    parts, values = [], []
    if keys:
        parts.append(TARGETS.format(keys=marks(keys), locales=marks(chain), visible=VISIBLE.format("t")))
        values += [*[UUID(key) for key in keys], site.id, *[locale.id for locale in chain], now, now]
    if depends.assets:
        parts.append(ASSETS.format(ids=marks(depends.assets)))
        values += [UUID(asset) for asset in depends.assets]
    found = fetch(" UNION ALL ".join(parts), values) if parts else []
    return Resolved(depends, _targets([row for row in found if row[0] == 0], site, chain), _assets(found))


def _targets(found: list[tuple[Any, ...]], site: SiteEntry, chain: Sequence[LocaleEntry]) -> dict[str, Target]:
    rank = {str(locale.id): (place, locale.code) for place, locale in enumerate(chain)}
    best: dict[str, tuple[int, Target]] = {}
    for _, key, document_id, type_key, path, title, version, locale_id, *_rest in found:
        place, code = rank[uuid_text(locale_id) or ""]
        key_text = uuid_text(key) or ""
        if key_text not in best or place < best[key_text][0]:
            url = site.url(code, path) if path else None
            best[key_text] = (
                place,
                Target(key_text, uuid_text(document_id) or "", type_key, path, title, url, version),
            )
    return {key: target for key, (_, target) in best.items()}


def _assets(found: list[tuple[Any, ...]]) -> dict[str, AssetRow]:
    rows = (_asset([row[1], *row[3:7], *row[8:]]) for row in found if row[0] == 1)
    return {row.id: row for row in rows}


def by_keys(keys: Sequence[str], site: SiteEntry, chain: Sequence[LocaleEntry], *, now: datetime) -> dict[str, Row]:
    """Read whole publications by translation key, each in the first locale of the chain that has it."""
    if not keys:
        return {}
    sql = (
        f"SELECT {COLUMNS} FROM cms_delivery_publication p WHERE p.translation_key IN ({marks(keys)})"
        f" AND p.site_id = %s AND p.locale_id IN ({marks(chain)}) AND {VISIBLE.format('p')}"
        f" ORDER BY {_rank('p', chain)} DESC"
    )
    ids = [locale.id for locale in chain]
    found = [Row(*row) for row in fetch(sql, [*[UUID(key) for key in keys], site.id, *ids, now, now, *ids])]
    return {uuid_text(row.translation_key) or "": row for row in found}


def translations(keys: Sequence[str], site: SiteEntry, *, now: datetime) -> list[Row]:
    """Read all published translations of the given keys, ordered by locale."""
    if not keys:
        return []
    sql = (
        f"SELECT {COLUMNS} FROM cms_delivery_publication p WHERE p.translation_key IN ({marks(keys)})"
        f" AND p.site_id = %s AND {VISIBLE.format('p')} ORDER BY p.locale_id"
    )
    return [Row(*row) for row in fetch(sql, [*[UUID(key) for key in keys], site.id, now, now])]


ASSET_COLUMNS = (
    "a.id, a.mime, a.file_name, a.title, a.version, CAST(a.alt AS text), CAST(a.ladder AS text), a.hash, a.width,"
    " a.height, a.size_bytes, a.focal_x, a.focal_y"
)


def assets(site: SiteEntry, *, after: Sequence[Any] | None, limit: int) -> list[tuple[AssetRow, Any]]:
    """Read one page of a site's assets, newest first, each with the instant of its upload."""
    keyset = " AND (a.uploaded_at, a.id) < (%s, %s)" if after is not None else ""
    sql = (
        f"SELECT a.uploaded_at, {ASSET_COLUMNS} FROM cms_media_asset a WHERE a.site_id = %s{keyset}"
        f" ORDER BY a.uploaded_at DESC, a.id DESC LIMIT {limit:d}"
    )
    return [(_asset(row), uploaded_at) for uploaded_at, *row in fetch(sql, [site.id, *(after or ())])]


def asset(asset_id: UUID, site: SiteEntry) -> AssetRow | None:
    """Read one asset of a site."""
    found = fetch(
        f"SELECT {ASSET_COLUMNS} FROM cms_media_asset a WHERE a.id = %s AND a.site_id = %s", [asset_id, site.id]
    )
    return _asset(found[0]) if found else None


def _asset(row: Sequence[Any]) -> AssetRow:
    return AssetRow(uuid_text(row[0]) or "", *row[1:])


class Node(NamedTuple):
    """A page in the navigation."""

    document_id: str
    parent_id: str | None
    path: str
    title: str
    type_key: str
    version: int


def navigation(root: UUID, *, levels: int, now: datetime) -> list[Node]:
    """Read the published pages below a document, `levels` deep, parents first, siblings in their order."""
    sql = f"""
    WITH RECURSIVE tree(document_id, level) AS (
      SELECT p.document_id, 1 FROM cms_delivery_publication p
        WHERE p.parent_id = %s AND p.url_path IS NOT NULL AND {VISIBLE.format("p")}
      UNION ALL
      SELECT p.document_id, tree.level + 1 FROM cms_delivery_publication p JOIN tree ON p.parent_id = tree.document_id
        WHERE tree.level < %s AND p.url_path IS NOT NULL AND {VISIBLE.format("p")}
    )
    SELECT p.document_id, p.parent_id, p.url_path, p.title, p.type_key, p.version
    FROM tree JOIN cms_delivery_publication p ON p.document_id = tree.document_id
    WHERE {VISIBLE.format("p")} ORDER BY tree.level, p.order_key, p.id LIMIT {NAVIGATION_MAX}"""
    found = fetch(sql, [root, now, now, levels, now, now, now, now])
    return [Node(uuid_text(row[0]) or "", uuid_text(row[1]), *row[2:]) for row in found]


def _rank(table: str, chain: Sequence[LocaleEntry]) -> str:
    """Order rows by their locale's place in the chain; takes one value for each locale."""
    cases = " ".join(f"WHEN {table}.locale_id = %s THEN {place:d}" for place in range(len(chain)))
    return f"CASE {cases} ELSE {len(chain):d} END"
