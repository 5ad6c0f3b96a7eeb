"""How does today's code read yesterday's data: renamed fields, lossless changes of kind, older blocks.

Reading is enough: old revisions are never migrated, and a revision that is saved again is saved in today's form.
"""

import copy
import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cms.content.blocks import Block, Types, is_readable
from cms.content.definition import FieldDefinition, TypeDefinition

Upcaster = Callable[[Mapping[str, Any]], dict[str, Any]]
Earlier = Callable[[str, int], TypeDefinition | None]

# (type, v) -> pure function from the value of v to the value of v + 1, for what names and defaults cannot express.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}


def read_through(
    data: Mapping[str, Any],
    definition: TypeDefinition,
    types: Types,
    *,
    written_with: TypeDefinition | None = None,
    earlier: Earlier | None = None,
) -> dict[str, Any]:
    """Return the data of an old revision in today's form: every field of the type present, nothing known lost.

    `types` are the current block types. `written_with` is the definition the data was written with (None: unknown, so
    text that became rich text is taken as HTML); `earlier(type, version)` finds the same for blocks.
    Keys that the definition does not know, such as `slug`, stay as they are.
    """
    renamed = {name for each in definition.fields for name in each.was}
    result = {key: value for key, value in data.items() if key not in renamed}
    for each in definition.fields:
        value = _value_of(each, data)
        result[each.key] = _converted(value, each, _written_as(each, data, written_with), types, earlier)
    return result


def lift(block: Block, types: Types, *, earlier: Earlier | None = None, nested: bool = True) -> Block:
    """Return the block in its type's current version; an unreadable one stays as it is.

    `nested` tells whether the blocks inside are lifted too.
    """
    if not is_readable(block, types):
        return block
    definition = types[block["type"]]
    value = dict(block["value"])
    for version in range(block["v"], definition.version):
        value = UPCASTERS.get((definition.key, version), dict)(value)
    old = earlier(definition.key, block["v"]) if earlier and block["v"] < definition.version else None
    value = read_through(value, definition, types if nested else {}, written_with=old, earlier=earlier)
    return {**block, "v": definition.version, "value": value}


def lift_all(blocks: Sequence[Block], types: Types, *, earlier: Earlier | None = None) -> list[Block]:
    """Return every block of the list in its type's current version."""
    return [lift(block, types, earlier=earlier) for block in blocks]


def _value_of(field: FieldDefinition, data: Mapping[str, Any]) -> Any:
    """Find the value under today's name, else under the latest former one, else take the default."""
    for name in (field.key, *reversed(field.was)):
        if name in data:
            return data[name]
    return copy.deepcopy(field.default)


def _written_as(
    field: FieldDefinition, data: Mapping[str, Any], written_with: TypeDefinition | None
) -> FieldDefinition | None:
    if written_with is None:
        return None
    return next((written_with.field(name) for name in (field.key, *reversed(field.was)) if name in data), None)


def _converted(value: Any, field: FieldDefinition, old: FieldDefinition | None, types: Types, earlier: Any) -> Any:
    if field.kind == "rich_text" and old is not None and old.kind == "text" and isinstance(value, str):
        return prose_from(value)
    if field.kind == "number" and field.options.get("decimals") and isinstance(value, int):
        return f"{value:.{field.options['decimals']}f}"
    if holds_many(field) and not isinstance(value, list):
        return [] if value is None else [value]
    if field.kind == "blocks" and isinstance(value, list):
        return lift_all(value, types, earlier=earlier)
    return value


def prose_from(text: str) -> str:
    """Return plain text as HTML: a blank line starts a paragraph, a single newline a line."""
    paragraphs = [part for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return "".join(f"<p>{html.escape(part.strip(), quote=False).replace(chr(10), '<br>')}</p>" for part in paragraphs)


def holds_many(field: FieldDefinition) -> bool:
    """Tell whether the field's values are lists, so that an empty one is []."""
    return field.kind in ("references", "blocks") or bool(field.options.get("multiple"))
