"""Save a type."""

from dataclasses import replace
from datetime import datetime

from cms.accounts import audit
from cms.accounts.actor import Actor
from cms.content import types
from cms.content.definition import TypeDefinition, dump_type, type_hash
from cms.content.models import DocumentType, DocumentTypeVersion
from cms.content.parsing import parse_type
from cms.content.plan import applied


def save_type(definition: TypeDefinition, *, by: Actor, now: datetime) -> TypeDefinition | None:
    """Write a new version of a type, if it differs from the current one; belongs in a transaction of `publishing`.

    Returns the definition with its version, or None when nothing changed. Fields that are gone
    are retired and kept. Raises PermissionMissing, DefinitionError for a change that would lose data.
    """
    by.require("types", now=now)
    row, _ = DocumentType.objects.get_or_create(
        key=definition.key,
        defaults={"name": definition.name, "icon": definition.icon, "usage": definition.usage, "version": 0},
    )
    row = DocumentType.objects.select_for_update().get(pk=row.pk)
    latest = row.versions.order_by("-version").first()
    old = parse_type(latest.definition) if latest else None
    saved = applied(old, definition)
    if old is not None and type_hash(saved) == type_hash(old) and not row.is_archived:
        return None
    if old is not None and saved.version == old.version:
        saved = replace(saved, version=old.version + 1)
    DocumentTypeVersion.objects.create(
        type=row,
        version=saved.version,
        definition=dump_type(saved),
        hash=type_hash(saved),
        created_at=now,
        created_by=by.id,
    )
    row.name, row.icon, row.version, row.is_archived = definition.name, definition.icon, saved.version, False
    row.save(update_fields=["name", "icon", "version", "is_archived"])
    audit.record(
        [
            audit.entry(
                "cms.type.save", by=by, now=now, object_type="type", object_id=definition.key, name=definition.name
            )
        ]
    )
    types.forget_after_commit()
    return saved
