"""Where is it published? Writes of published paths: one statement a table, whatever the number of pages below."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from cms.content.errors import PathTaken
from cms.content.models import Document
from cms.delivery.models import Path, Publication
from reliability.outbox.event import Position

BELOW = """
WITH RECURSIVE below(document_id) AS (
  SELECT document_id FROM cms_delivery_publication WHERE parent_id = %s AND url_path IS NOT NULL
  UNION
  SELECT p.document_id FROM cms_delivery_publication p JOIN below ON p.parent_id = below.document_id
    WHERE p.url_path IS NOT NULL
)"""


def claim(document: Document, path: str, *, valid_from: datetime, origin: str = "auto") -> None:
    """Make a path the document's own; a former path of another document is taken over.

    Raises PathTaken when another document is published there.
    """
    if owner_elsewhere(document, path):
        raise PathTaken(path)
    places = {"site_id": document.site_id, "locale_id": document.locale_id, "path": path}
    found = Path.objects.filter(**places).values_list("document_id", "valid_from").first()
    if found is not None and found[0] == document.pk and found[1] <= valid_from:
        return
    row = Path(
        **places,
        document_id=document.pk,
        translation_key=document.translation_group_id,
        valid_from=valid_from,
        origin=origin,
    )
    Path.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["site", "locale", "path"],
        update_fields=["document_id", "translation_key", "target_url", "status", "valid_from", "origin"],
    )


def owner_elsewhere(document: Document, path: str) -> bool:
    """Tell whether another document is published at a path, or will be."""
    rows = Publication.objects.filter(site_id=document.site_id, locale_id=document.locale_id, url_path=path)
    return rows.exclude(document_id=document.pk).exists()


def rewrite(document: Document, old: str, new: str, *, position: Position, now: datetime) -> int:
    """Give everything published below a document the new beginning of its path; old paths become redirects.

    The caller holds the tree exclusively. Returns how many rows changed. Raises PathTaken.
    """
    connection = _writing()
    _refuse_taken(connection, document, old, new)
    update = (
        f"{BELOW} UPDATE cms_delivery_publication SET url_path = %s || substr(url_path, %s), version = version + 1,"
        " xid = %s, seq = %s, updated_at = %s WHERE document_id IN (SELECT document_id FROM below)"
    )
    values = [document.pk, new, len(old) + 1, position.xid, position.seq, now]
    with connection.cursor() as cursor:
        cursor.execute(update, _bind(connection, values))
        count = int(cursor.rowcount)
        if count:
            cursor.execute(_insert_paths(connection), _bind(connection, [document.pk, now]))
    return count


def _insert_paths(connection: BaseDatabaseWrapper) -> str:
    new_id = "gen_random_uuid()" if connection.vendor == "postgresql" else "lower(hex(randomblob(16)))"
    return f"""{BELOW}
    INSERT INTO cms_delivery_path
      (id, site_id, locale_id, path, document_id, translation_key, target_url, status, origin, valid_from)
    SELECT {new_id}, p.site_id, p.locale_id, p.url_path, p.document_id, p.translation_key, '', 301, 'auto', %s
    FROM cms_delivery_publication p WHERE p.document_id IN (SELECT document_id FROM below)
    GROUP BY p.site_id, p.locale_id, p.url_path, p.document_id, p.translation_key
    ON CONFLICT (site_id, locale_id, path) DO UPDATE SET
      document_id = excluded.document_id, translation_key = excluded.translation_key, target_url = '', status = 301"""


def _refuse_taken(connection: BaseDatabaseWrapper, document: Document, old: str, new: str) -> None:
    sql = f"""{BELOW}
    SELECT o.url_path FROM cms_delivery_publication p JOIN cms_delivery_publication o
      ON o.site_id = p.site_id AND o.locale_id = p.locale_id AND o.url_path = %s || substr(p.url_path, %s)
    WHERE p.document_id IN (SELECT document_id FROM below) AND o.document_id NOT IN (SELECT document_id FROM below)
      AND o.document_id <> %s LIMIT 1"""
    with connection.cursor() as cursor:
        cursor.execute(sql, _bind(connection, [document.pk, new, len(old) + 1, document.pk]))
        taken = cursor.fetchone()
    if taken:
        raise PathTaken(taken[0])


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
