"""Apply types: for editors and for readers in one transaction."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from cms.accounts.actor import Actor
from cms.content import types as drafts
from cms.content.actions import save_type
from cms.content.definition import TypeDefinition
from cms.content.public import json_schema, public_definition
from cms.delivery import types as published
from cms.delivery.models import PublishedType
from reliability.outbox.actions import record


def apply_types(definitions: Sequence[TypeDefinition], *, by: Actor, now: datetime) -> list[TypeDefinition]:
    """Write the types that differ from what there is, all or none; returns the ones written, with their versions.

    Applying twice changes nothing. Raises PermissionMissing, and DefinitionError for a change that would lose data.
    """
    with transaction.atomic():
        written = [saved for each in definitions if (saved := save_type(each, by=by, now=now)) is not None]
        for definition in written:
            PublishedType.objects.update_or_create(key=definition.key, defaults=_public(definition))
        if written:
            record((drafts.CHANGED, each.key, {"type": each.key, "version": each.version}) for each in written)
            published.forget_after_commit()
        return written


def _public(definition: TypeDefinition) -> dict[str, object]:
    shown = {key: value for key, value in public_definition(definition).items() if key not in ("schema", "version")}
    return {
        "name": definition.name,
        "usage": definition.usage,
        "version": definition.version,
        "definition": shown,
        "schema": json_schema(definition),
    }
