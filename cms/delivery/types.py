"""Which fields does a published type have? Answered from a snapshot in this process, without a query."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction

from cms.delivery.models import PublishedType

CHANGED = "cms.type.changed"
VALUE_COLUMNS = {
    "number": "number",
    "date": "time",
    "datetime": "time",
    "reference": "ref",
    "references": "ref",
    "media": "ref",
}
"""Column of PublicationField by kind of field; every other kind is text."""


@dataclass(frozen=True)
class PublicType:
    """A type as readers know it."""

    key: str
    name: str
    usage: str
    version: int
    definition: dict[str, Any]
    schema: dict[str, Any]

    @cached_property
    def field_keys(self) -> frozenset[str]:
        return frozenset(field["key"] for field in self.definition.get("fields", []))

    @cached_property
    def filterable(self) -> dict[str, str]:
        """The column of PublicationField by key of a filterable field."""
        return {
            field["key"]: VALUE_COLUMNS.get(field["kind"], "text")
            for field in self.definition.get("fields", [])
            if field.get("filterable")
        }


_snapshot: dict[str, PublicType] | None = None


def current() -> dict[str, PublicType]:
    """Give the published types by key, read with one query if they are not yet known here."""
    global _snapshot
    if _snapshot is None:
        _snapshot = {
            row.key: PublicType(row.key, row.name, row.usage, row.version, row.definition, row.schema)
            for row in PublishedType.objects.all()
        }
    return _snapshot


def forget() -> None:
    """Drop the snapshot, so that the next question reads it anew."""
    global _snapshot
    _snapshot = None


def forget_after_commit() -> None:
    """Drop this process's snapshot when the current transaction commits."""
    transaction.on_commit(forget)


def documents(types: Sequence[str] = ()) -> list[PublicType]:
    """List the types that documents have (not blocks), all of them or those named."""
    return [each for each in current().values() if each.usage != "block" and (not types or each.key in types)]
