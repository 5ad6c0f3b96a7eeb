"""What does one row of published content hold?"""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from cms.delivery.sql import uuid_text

READ_AS_TEXT = (
    "id", "document_id", "translation_key", "locale_id", "parent_id",
    "published_at", "first_published_at", "updated_at", "visible_until",
)  # fmt: skip
"""Ids and instants are read as text: making objects of them costs a list as much as writing its answer."""


class Row(NamedTuple):
    """A publication as `COLUMNS` reads it; ids and instants as text in the form of the database."""

    id: Any
    document_id: Any
    translation_key: Any
    locale_id: Any
    type_key: str
    type_version: int
    version: int
    parent_id: Any
    url_path: str | None
    title: str
    published_at: Any
    first_published_at: Any
    updated_at: Any
    visible_until: Any
    depends: str
    data: str
    seo: str


COLUMNS = ", ".join(
    f"CAST(p.{name} AS text) AS {name}" if name in READ_AS_TEXT else f"p.{name}" for name in Row._fields
)


class Depends:
    """The keys and assets that an answer resolves, by purpose."""

    def __init__(self, rows: Sequence[Row]) -> None:
        loaded = [json.loads(row.depends) for row in rows if row.depends != "{}"]
        self.links = _distinct(loaded, "link")
        self.references = _distinct(loaded, "reference")
        self.assets = _distinct(loaded, "media")

    @cached_property
    def keys(self) -> list[str]:
        return list(dict.fromkeys([*self.links, *self.references]))


def _distinct(loaded: list[dict[str, list[str]]], purpose: str) -> list[str]:
    return list(dict.fromkeys(key for each in loaded for key in each.get(purpose, ())))


def locale_of(row: Row) -> UUID:
    """Give the locale's id of a row."""
    return row.locale_id if isinstance(row.locale_id, UUID) else UUID(row.locale_id)


def document_id_of(row: Row) -> str:
    """Give the id under which the API knows a row."""
    return uuid_text(row.document_id) or ""
