"""What do readers get of a revision? Pure: fields and definitions in, self-contained published text out.

Everything that other rows own stays out of the text: references and links become markers, assets are named by id.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cms.content.blocks import is_readable
from cms.content.canonical import canonical
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.draft import title_of
from cms.content.fields.kind import Context, FilterValue, Link
from cms.content.fields.record import filters_of, links_of, searchable_words
from cms.delivery.markers import reference

TEXT_MAX_CHARACTERS = 200_000
"""Words behind this many characters are not searched for: PostgreSQL refuses a text vector above 1 MiB."""


@dataclass(frozen=True)
class Snapshot:
    """A document as it is published."""

    title: str
    data: str
    seo: str
    depends: str
    words: Mapping[str, str]
    """Words for the full text search by weight, A to D."""
    text: str
    values: Mapping[str, list[FilterValue]]
    """Values of the filterable fields by key."""
    links: tuple[Link, ...]


def snapshot(
    fields: Mapping[str, Any], seo: Mapping[str, str], definition: TypeDefinition, context: Context
) -> Snapshot:
    """Make what is published of a document whose fields, shared ones included, are in today's form."""
    links = tuple(links_of(definition.fields, fields, "", context))
    title = title_of(fields, definition)
    text, words = searchable_words(definition.fields, fields, context)
    return Snapshot(
        title=title,
        data=canonical(published(fields, definition, context)),
        seo=canonical({"title": seo.get("title") or title, "description": seo.get("description", "")}),
        depends=canonical(_depends(links)),
        words={weight: each[:TEXT_MAX_CHARACTERS] for weight, each in words.items()},
        text=text[:TEXT_MAX_CHARACTERS],
        values=filters_of(definition.fields, fields, context),
        links=links,
    )


def published(fields: Mapping[str, Any], definition: TypeDefinition, context: Context) -> dict[str, Any]:
    """Give the fields as readers see them, in the order of the type; retired ones are left out."""
    return {each.key: _value(fields.get(each.key), each, context) for each in definition.active_fields}


def with_shared(data: str, shared: Mapping[str, Any], definition: TypeDefinition, context: Context) -> str:
    """Put new shared fields into published text of another locale."""
    loaded = json.loads(data)
    changed = {each.key: _value(shared.get(each.key), each, context) for each in definition.shared_fields}
    merged = {**loaded, **changed}
    return canonical({each.key: merged.get(each.key) for each in definition.active_fields})


def _value(value: Any, field: FieldDefinition, context: Context) -> Any:
    if field.kind == "reference":
        return reference(value) if value else None
    if field.kind == "references":
        return [reference(key) for key in value or []]
    if field.kind == "blocks":
        return [_block(block, context) for block in value or []]
    return value


def _block(block: Mapping[str, Any], context: Context) -> Mapping[str, Any]:
    if not is_readable(block, context.types):
        return block
    value = published(block["value"], context.types[block["type"]], context)
    return {"id": block["id"], "type": block["type"], "v": block["v"], "value": value}


def _depends(links: tuple[Link, ...]) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {}
    for link in links:
        found.setdefault(link.kind, {})[link.to_key or link.to_asset or ""] = None
    return {kind: list(targets) for kind, targets in found.items()}
