"""Where is it published? Writes of published paths: one statement a table, whatever the number of pages below."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from cms.accounts.ids import new_id
from cms.content.errors import PathTaken
from cms.content.models import Document
from cms.delivery.models import Publication
from cms.delivery.sql import prepared_cursor
from reliability.outbox.event import Position

FIRST = (
    "NOT EXISTS (SELECT 1 FROM cms_delivery_publication e"
    " WHERE e.document_id = {0}.document_id AND e.visible_from < {0}.visible_from)"
)
BELOW = f"""
WITH RECURSIVE below(document_id, base, slug) AS (
  SELECT p.document_id, CAST(%s AS text), CAST(p.slug AS text) FROM cms_delivery_publication p
    WHERE p.parent_id = %s AND p.url_path IS NOT NULL AND {FIRST.format("p")}
  UNION
  SELECT p.document_id, below.base || below.slug || '/', CAST(p.slug AS text)
    FROM cms_delivery_publication p JOIN below ON p.parent_id = below.document_id
    WHERE p.url_path IS NOT NULL AND {FIRST.format("p")}
), wanted(id, document_id, path) AS (
  SELECT p.id, p.document_id, below.base || p.slug || '/'
  FROM cms_delivery_publication p JOIN below ON below.document_id = p.document_id WHERE p.url_path IS NOT NULL
)"""
"""Where everything published below a page belongs: below its parent's path, by its own published slug.

Given the page's path and its id. Of a document with several windows the first one carries what stands below it.
"""


def trees_of(document_ids: Sequence[UUID]) -> list[tuple[UUID, bool]]:
    """Read in whose tree pages stand: (site, whether publishing them may change paths), ordered by site; one query."""
    if not document_ids:
        return []
    connection = _writing()
    marks = ", ".join("%s" for _ in document_ids)
    with connection.cursor() as cursor:
        cursor.execute(TREES.format(marks=marks), _bind(connection, list(document_ids)))
        return [(UUID(str(site)), bool(may_change)) for site, may_change in cursor.fetchall()]


TREES = """
SELECT d.site_id, MAX(CASE WHEN
  EXISTS (SELECT 1 FROM cms_delivery_publication p WHERE p.document_id = d.id AND p.slug <> d.slug)
  OR EXISTS (SELECT 1 FROM cms_delivery_publication c WHERE c.parent_id = d.id) THEN 1 ELSE 0 END)
FROM cms_content_document d WHERE d.id IN ({marks}) AND d.url_path IS NOT NULL GROUP BY d.site_id ORDER BY d.site_id"""


def claim(document: Document, path: str, *, valid_from: datetime, origin: str = "auto") -> None:
    """Make a path the document's own; a former path of another document is taken over.

    Raises PathTaken when another document is published there.
    """
    connection = _writing()
    place = [document.site_id, document.locale_id, path]
    new = [new_id(), *place, document.pk, document.translation_group_id, origin, valid_from]
    with prepared_cursor(connection) as cursor:
        cursor.execute(CLAIM, _bind(connection, [*new, *place, document.pk]))
        claimed = cursor.rowcount > 0
    if not claimed and owner_elsewhere(document, path):
        raise PathTaken(path)


CLAIM = """
INSERT INTO cms_delivery_path AS present
  (id, site_id, locale_id, path, document_id, translation_key, target_url, status, origin, valid_from)
SELECT %s, %s, %s, %s, %s, %s, '', 301, %s, %s WHERE NOT EXISTS (
  SELECT 1 FROM cms_delivery_publication p
  WHERE p.site_id = %s AND p.locale_id = %s AND p.url_path = %s AND p.document_id <> %s)
ON CONFLICT (site_id, locale_id, path) DO UPDATE SET
  document_id = excluded.document_id, translation_key = excluded.translation_key, target_url = '', status = 301,
  origin = excluded.origin, valid_from = excluded.valid_from
  WHERE present.document_id IS NULL OR present.document_id <> excluded.document_id
    OR present.valid_from > excluded.valid_from"""
"""Writes nothing when another document is published there, or when the path is the document's own already."""


def owner_elsewhere(document: Document, path: str) -> bool:
    """Tell whether another document is published at a path, or will be."""
    rows = Publication.objects.filter(site_id=document.site_id, locale_id=document.locale_id, url_path=path)
    return rows.exclude(document_id=document.pk).exists()


def rewrite(document: Document, path: str, *, position: Position, now: datetime) -> int:
    """Put everything published below a page where it belongs, when the page is at `path`; old paths become redirects.

    The caller holds the tree exclusively. Returns how many rows changed. Raises PathTaken.
    """
    connection = _writing()
    root = [path, document.pk]
    with connection.cursor() as cursor:
        cursor.execute(f"{BELOW} SELECT 1 {MISPLACED} LIMIT 1", _bind(connection, root))
        if cursor.fetchone() is None:
            return 0
        cursor.execute(COLLISION, _bind(connection, [*root, document.pk]))
        taken = cursor.fetchone()
        if taken:
            raise PathTaken(taken[0])
        cursor.execute(MOVE, _bind(connection, [*root, position.xid, position.seq, now]))
        count = int(cursor.rowcount)
        cursor.execute(_insert_paths(connection), _bind(connection, [*root, now]))
    return count


MISPLACED = "FROM wanted JOIN cms_delivery_publication p ON p.id = wanted.id WHERE p.url_path <> wanted.path"
MOVE = f"""{BELOW} UPDATE cms_delivery_publication SET
  url_path = (SELECT wanted.path FROM wanted WHERE wanted.id = cms_delivery_publication.id),
  version = version + 1, xid = %s, seq = %s, updated_at = %s
WHERE id IN (SELECT p.id {MISPLACED})"""
COLLISION = f"""{BELOW} SELECT wanted.path FROM wanted JOIN cms_delivery_publication o ON o.document_id = %s
  JOIN cms_delivery_publication p ON p.site_id = o.site_id AND p.locale_id = o.locale_id AND p.url_path = wanted.path
  WHERE p.document_id <> wanted.document_id AND p.document_id NOT IN (SELECT document_id FROM wanted)
UNION ALL
SELECT path FROM wanted GROUP BY path HAVING COUNT(DISTINCT document_id) > 1
LIMIT 1"""
"""A path that another document is published at, or that two documents below would share."""


def _insert_paths(connection: BaseDatabaseWrapper) -> str:
    make_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    return f"""{BELOW}
    INSERT INTO cms_delivery_path
      (id, site_id, locale_id, path, document_id, translation_key, target_url, status, origin, valid_from)
    SELECT {make_id}, p.site_id, p.locale_id, p.url_path, p.document_id, p.translation_key, '', 301, 'auto', %s
    FROM cms_delivery_publication p WHERE p.id IN (SELECT id FROM wanted)
    GROUP BY p.site_id, p.locale_id, p.url_path, p.document_id, p.translation_key
    ON CONFLICT (site_id, locale_id, path) DO UPDATE SET
      document_id = excluded.document_id, translation_key = excluded.translation_key, target_url = '', status = 301"""


def _writing() -> BaseDatabaseWrapper:
    return connections[router.db_for_write(Publication)]


def _bind(connection: BaseDatabaseWrapper, values: Sequence[Any]) -> list[Any]:
    if connection.features.has_native_uuid_field:
        return list(values)
    return [
        value.hex
        if isinstance(value, UUID)
        else connection.ops.adapt_datetimefield_value(value)
        if isinstance(value, datetime)
        else value
        for value in values
    ]
