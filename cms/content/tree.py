"""Where does a document stand? Reads and locks of the tree, in recursive queries that start at a node."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from cms.accounts.decision import Place
from cms.content import types
from cms.content.models import Document

ANCESTORS = """
WITH RECURSIVE up(id, parent_id, translation_group_id, level) AS (
  SELECT id, parent_id, translation_group_id, 0 FROM cms_content_document WHERE id = %s
  UNION ALL
  SELECT d.id, d.parent_id, d.translation_group_id, up.level + 1
  FROM cms_content_document d JOIN up ON d.id = up.parent_id WHERE up.level < 50
)
SELECT id, translation_group_id FROM up ORDER BY level DESC"""
PAGE = """
SELECT d.id, d.site_id, d.locale_id, d.type_id, d.parent_id, d.url_path,
  (SELECT c.order_key FROM cms_content_document c WHERE c.parent_id = d.id ORDER BY c.order_key DESC LIMIT 1)
    AS last_order_key
FROM cms_content_document d WHERE d.id = %s AND d.site_id = %s AND d.locale_id = %s AND d.deleted_at IS NULL"""
BELOW = """
WITH RECURSIVE below(id, level) AS (
  SELECT id, 1 FROM cms_content_document WHERE parent_id = %s
  UNION ALL
  SELECT d.id, below.level + 1 FROM cms_content_document d JOIN below ON d.parent_id = below.id
)"""


def lock(site_id: UUID, *, exclusive: bool) -> None:
    """Hold a site's tree still until the transaction ends: shared to add to it, exclusive to change paths.

    Taken before any row lock. On SQLite the writing transaction has the whole database already.
    """
    connection = _writing()
    if connection.vendor != "postgresql":
        return
    key = int.from_bytes(site_id.bytes[8:], "big", signed=True)
    function = "pg_advisory_xact_lock" if exclusive else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [key])


def page(document_id: UUID, *, site_id: UUID, locale_id: UUID) -> Document | None:
    """Read a page to put another one under, with `last_order_key` of its children (None: it has none); one query.

    None when there is no such page on this site in this locale, or in the trash only.
    """
    values = _bind(_reading(), [document_id, site_id, locale_id])
    return next(iter(Document.objects.raw(PAGE, values)), None)


def ancestry(document_id: UUID) -> list[UUID]:
    """Read the ids from the home page down to the document itself; one query."""
    return [_uuid(row[0]) for row in _fetch(ANCESTORS, [document_id])]


def ancestry_keys(document_id: UUID) -> frozenset[UUID]:
    """Read the translation keys of a document and of everything above it; one query."""
    return frozenset(_uuid(row[1]) for row in _fetch(ANCESTORS, [document_id]))


def descendants(document_id: UUID) -> list[UUID]:
    """Read the ids of everything below a document, nearest first; one query."""
    return [_uuid(row[0]) for row in _fetch(f"{BELOW} SELECT id FROM below ORDER BY level, id", [document_id])]


def height(document_id: UUID) -> int:
    """Read how many levels there are below a document; one query."""
    return int(_fetch(f"{BELOW} SELECT COALESCE(MAX(level), 0) FROM below", [document_id])[0][0])


def rewrite_paths(document_id: UUID, old: str, new: str) -> int:
    """Give everything below a document the new beginning of its path, with one statement; returns how many."""
    sql = (
        f"{BELOW} UPDATE cms_content_document SET url_path = %s || substr(url_path, %s)"
        " WHERE id IN (SELECT id FROM below) AND url_path IS NOT NULL"
    )
    connection = _writing()
    with connection.cursor() as cursor:
        cursor.execute(sql, _bind(connection, [document_id, new, len(old) + 1]))
        return int(cursor.rowcount)


def place_of(document: Document) -> Place:
    """Give the place at which rights to a document are decided."""
    return Place(
        site=document.site_id,
        type=types.current().keys[document.type_id],
        locale=document.locale_id,
        ancestry=lambda: ancestry_keys(document.pk),
    )


def place_below(site_id: UUID, type_key: str, locale_id: UUID, parent: Document | None) -> Place:
    """Give the place at which the right to create a document is decided."""
    return Place(
        site=site_id,
        type=type_key,
        locale=locale_id,
        ancestry=(lambda: ancestry_keys(parent.pk)) if parent else frozenset,
    )


def _writing() -> BaseDatabaseWrapper:
    return connections[router.db_for_write(Document)]


def _reading() -> BaseDatabaseWrapper:
    return connections[router.db_for_read(Document) or "default"]


def _fetch(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    connection = _reading()
    with connection.cursor() as cursor:
        cursor.execute(sql, _bind(connection, values))
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _bind(connection: BaseDatabaseWrapper, values: Sequence[Any]) -> list[Any]:
    native = connection.features.has_native_uuid_field
    return [value.hex if isinstance(value, UUID) and not native else value for value in values]


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
