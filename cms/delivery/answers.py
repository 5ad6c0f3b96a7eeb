"""What does an answer look like? JSON text, put together from stored text without parsing it where possible."""

import json
from collections.abc import Iterable, Mapping, Sequence
from json.encoder import encode_basestring as quoted
from typing import Any

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery.markers import Target, fill
from cms.delivery.queries import AssetRow, Node, Resolved
from cms.delivery.rows import Row, locale_of
from cms.delivery.schemas import Reading
from cms.delivery.sql import instant_text, uuid_text


def item(row: Row, reading: Reading, resolved: Resolved) -> str:
    """Write one document."""
    locale = reading.site.locales_by_id[locale_of(row)]
    path = f'"{row.url_path}"' if row.url_path else "null"
    url = f'"{reading.site.url(locale, row.url_path)}"' if row.url_path else "null"
    parent = f'"{uuid_text(row.parent_id)}"' if row.parent_id else "null"
    return (
        f'{{"id":"{uuid_text(row.document_id)}","type":"{row.type_key}","type_version":{row.type_version},'
        f'"version":{row.version},"site":"{reading.site.key}","locale":"{locale}",'
        f'"requested_locale":"{reading.locale.code}","translation_key":"{uuid_text(row.translation_key)}",'
        f'"parent":{parent},"path":{path},"url":{url},"title":{quoted(row.title)},'
        f'"published_at":"{instant_text(row.published_at)}",'
        f'"first_published_at":"{instant_text(row.first_published_at)}",'
        f'"updated_at":"{instant_text(row.updated_at)}",'
        f'"fields":{fill(_fields(row, reading), resolved.targets)},"seo":{row.seo}}}'
    )


def detail(row: Row, reading: Reading, resolved: Resolved, included: Iterable[Row]) -> str:
    """Write the answer with one document: its own members, and what was included."""
    return f'{item(row, reading, resolved)[:-1]},"included":{_included(included, reading, resolved)}}}'


def listing(
    rows: Sequence[Row], reading: Reading, resolved: Resolved, included: Iterable[Row], next_url: str | None
) -> str:
    """Write the answer with one page of documents."""
    items = ",".join(item(row, reading, resolved) for row in rows)
    return f'{{"items":[{items}],"included":{_included(included, reading, resolved)},"links":{links(next_url)}}}'


def search(
    hits: Sequence[tuple[Row, float, str]], total: str, reading: Reading, resolved: Resolved, next_url: str | None
) -> str:
    """Write the answer with one page of hits: (row, rank, highlighted excerpt)."""
    items = ",".join(
        f'{item(row, reading, resolved)[:-1]},"score":{rank:.6f},"highlight":{quoted(excerpt)}}}'
        for row, rank, excerpt in hits
    )
    return (
        f'{{"items":[{items}],"total":{total},"included":{_included((), reading, resolved)},"links":{links(next_url)}}}'
    )


def redirect(to: str, status: int) -> str:
    """Write the answer for a former path."""
    return json.dumps({"redirect": {"to": to, "status": status}}, ensure_ascii=False)


def asset(row: AssetRow, chain: Sequence[LocaleEntry]) -> dict[str, Any]:
    """Describe an asset: its file, its renditions that are ready, and its text in the reader's language."""
    alt = json.loads(row.alt)
    return {
        "id": row.id,
        "mime": row.mime,
        "url": f"/media/{row.hash}/original",
        "file_name": row.file_name,
        "title": row.title,
        "alt": next((alt[locale.code] for locale in chain if alt.get(locale.code)), ""),
        "width": row.width,
        "height": row.height,
        "size_bytes": row.size_bytes,
        "focal": {"x": row.focal_x, "y": row.focal_y},
        "renditions": json.loads(row.ladder),
        "version": row.version,
    }


def tree(nodes: Sequence[Node], site: SiteEntry, locale: str, root: str) -> list[dict[str, Any]]:
    """Nest the pages of a navigation below the page with id `root`."""
    children: dict[str | None, list[dict[str, Any]]] = {}
    for node in nodes:
        below = children.setdefault(node.document_id, [])
        entry = {"id": node.document_id, "title": node.title, "path": node.path, "url": site.url(locale, node.path)}
        children.setdefault(node.parent_id, []).append({**entry, "type": node.type_key, "children": below})
    return children.get(root, [])


def dump(body: Any) -> str:
    """Write a small answer as compact JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def links(next_url: str | None) -> str:
    """Write where the next page is."""
    return f'{{"next":{quoted(next_url) if next_url else "null"}}}'


def _fields(row: Row, reading: Reading) -> str:
    wanted = reading.fields_of(row.type_key) if reading.fields else None
    if wanted is None:
        return row.data
    kept = {key: value for key, value in json.loads(row.data).items() if key in wanted}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _included(rows: Iterable[Row], reading: Reading, resolved: Resolved) -> str:
    documents = ",".join(f'"{uuid_text(row.document_id)}":{item(row, reading, resolved)}' for row in rows)
    assets = ",".join(
        f'"{key}":{json.dumps(asset(row, reading.chain), ensure_ascii=False, separators=(",", ":"))}'
        for key, row in resolved.assets.items()
    )
    return f'{{"documents":{{{documents}}},"assets":{{{assets}}}}}'


def used(rows: Iterable[Row], targets: Mapping[str, Target], assets: Mapping[str, AssetRow]) -> list[tuple[str, int]]:
    """List (id, version) of everything an answer is made of, for its ETag."""
    parts = [(uuid_text(row.document_id) or "", row.version) for row in rows]
    parts += [(target.id, target.version) for target in targets.values()]
    return parts + [(key, row.version) for key, row in assets.items()]
