"""What is saved of a planned document? Pure: blocks get versions and ids, and the whole gets a fingerprint."""

from collections.abc import Mapping
from hashlib import sha256
from random import Random
from typing import Any

from cms.content.blocks import Types, new_block
from cms.content.canonical import canonical
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.draft import Draft
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.report import Report


def draft_of(planned: PlannedDocument, definition: TypeDefinition, types: Types, *, report: Report) -> Draft:
    """Make the draft of a planned document; a field that the type has not, is left out and counted.

    A block gets the same id in every import, as long as it stands at the same place.
    """
    known = {each.key for each in definition.active_fields}
    for key in planned.fields.keys() - known:
        report.count_unmapped("field", f"{definition.key}.{key}", planned.source_key)
    random = Random(planned.source_key)
    return Draft(fields=_values(planned.fields, definition.active_fields, types, random))


def fingerprint(planned: PlannedDocument) -> str:
    """Give the hash of everything that is imported of a document."""
    values = vars(planned) | {"date": planned.date.isoformat() if planned.date else None}
    return sha256(canonical(values).encode()).hexdigest()


def _values(
    values: Mapping[str, Any], fields: tuple[FieldDefinition, ...], types: Types, random: Random
) -> dict[str, Any]:
    return {
        each.key: _blocks(values[each.key], types, random) if each.kind == "blocks" else values[each.key]
        for each in fields
        if each.key in values
    }


def _blocks(blocks: list[Mapping[str, Any]], types: Types, random: Random) -> list[dict[str, Any]]:
    made = []
    for block in blocks:
        definition = types[block["type"]]
        value = _values(block["value"], definition.active_fields, types, random)
        made.append(new_block(definition, value, random=random))
    return made
