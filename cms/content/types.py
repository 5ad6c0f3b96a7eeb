"""Which types are there, and what do they consist of? Answered from a snapshot in this process, without a query.

The snapshot is read when first needed and again after an event `cms.type.changed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db import transaction
from django.db.models import F

from cms.content.definition import TypeDefinition
from cms.content.fields import context_for
from cms.content.fields.kind import Context
from cms.content.models import DocumentType, DocumentTypeVersion
from cms.content.parsing import parse_type

CHANGED = "cms.type.changed"


@dataclass(frozen=True)
class Types:
    """All types at one moment, archived ones too, for what was written with them."""

    definitions: Mapping[str, TypeDefinition]
    ids: Mapping[str, UUID]
    archived: frozenset[str]

    @cached_property
    def keys(self) -> dict[UUID, str]:
        return {pk: key for key, pk in self.ids.items()}

    @cached_property
    def blocks(self) -> dict[str, TypeDefinition]:
        return {key: each for key, each in self.definitions.items() if each.usage == "block"}

    @cached_property
    def context(self) -> Context:
        """What fields need to know to read and check values."""
        return context_for(self.blocks)

    def of_documents(self) -> list[TypeDefinition]:
        """List the types that a new document can have, by name."""
        kept = (each for key, each in self.definitions.items() if each.usage != "block" and key not in self.archived)
        return sorted(kept, key=lambda each: each.name)

    def by_id(self, pk: UUID) -> TypeDefinition:
        """Give the definition of a type by its id."""
        return self.definitions[self.keys[pk]]


_snapshot: Types | None = None
_earlier: dict[tuple[str, int], TypeDefinition | None] = {}


def current() -> Types:
    """Give the snapshot, read with one query if there is none."""
    global _snapshot
    if _snapshot is None:
        _snapshot = _read()
    return _snapshot


def earlier(key: str, version: int) -> TypeDefinition | None:
    """Give a type as it was at a version, None if there is no such version; versions never change, so each is kept."""
    now = current().definitions.get(key)
    if now is not None and now.version == version:
        return now
    if (key, version) not in _earlier:
        row = DocumentTypeVersion.objects.filter(type__key=key, version=version).first()
        _earlier[key, version] = parse_type(row.definition) if row else None
    return _earlier[key, version]


def forget() -> None:
    """Drop the snapshot, so that the next question reads it anew."""
    global _snapshot
    _snapshot = None
    _earlier.clear()


def forget_after_commit() -> None:
    """Drop this process's snapshot when the current transaction commits."""
    transaction.on_commit(forget)


def _read() -> Types:
    definitions = {
        (row.type_id, row.version): row.definition
        for row in DocumentTypeVersion.objects.filter(version=F("type__version"))
    }
    rows = list(DocumentType.objects.all())
    return Types(
        definitions={each.key: parse_type(definitions[each.pk, each.version]) for each in rows},
        ids={each.key: each.pk for each in rows},
        archived=frozenset(each.key for each in rows if each.is_archived),
    )
