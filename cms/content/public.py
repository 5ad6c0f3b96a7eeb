"""What may readers know of a type: names, kinds and shapes, nothing that is meant for editors."""

from typing import Any

from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.fields import KINDS

EDITOR_OPTIONS = frozenset({"features", "multiline"})


def public_definition(definition: TypeDefinition) -> dict[str, Any]:
    """Return the part of the definition that the content API shows, its JSON Schema under `schema` included."""
    return {
        "key": definition.key,
        "name": definition.name,
        "usage": definition.usage,
        "title": definition.title,
        "version": definition.version,
        "fields": [_public_field(field) for field in definition.active_fields],
        "schema": json_schema(definition),
    }


def json_schema(definition: TypeDefinition) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the fields of a published document, or of the value of a block.

    Every active field is present in an answer; one that is not required may be null.
    """
    properties = {field.key: _property(field) for field in definition.active_fields}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": definition.name,
        "type": "object",
        "properties": properties,
    }


def _public_field(field: FieldDefinition) -> dict[str, Any]:
    options = {name: field.options[name] for name in sorted(field.options) if name not in EDITOR_OPTIONS}
    return {
        "key": field.key,
        "kind": field.kind,
        "label": field.label,
        "required": field.required,
        "localized": field.localized,
        "filterable": field.filterable,
        "searchable": field.searchable,
        "options": options,
    }


def _property(field: FieldDefinition) -> dict[str, Any]:
    schema = KINDS[field.kind].json_schema(field)
    if not field.required and schema.get("type") != "array":
        schema = {"anyOf": [schema, {"type": "null"}]}
    return {"title": field.label} | schema
