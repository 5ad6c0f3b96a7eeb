"""A list of blocks, each with fields of its own."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cms.content import blocks as block_list
from cms.content.definition import FieldDefinition
from cms.content.fields import options, record
from cms.content.fields.kind import Context, FieldKind, Link
from cms.content.fields.reference import check_count
from cms.content.problems import InvalidValue, Problem, refuse
from cms.content.upcast import lift
from reliability.wording import say as _

MAX_BLOCKS = 1_000


class Blocks(FieldKind):
    """Stored as `[{"id", "type", "v", "value"}]`."""

    key = "blocks"
    options = {
        "blocks": options.names,
        "min": options.whole(0, MAX_BLOCKS),
        "max": options.whole(1, MAX_BLOCKS),
        "depth": options.whole(1, block_list.MAX_DEPTH),
    }
    can_filter = False
    can_search = True

    def clean(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Any]:
        """Return the blocks in the current versions of their types; unreadable ones only as they were saved before."""
        if value in (None, ""):
            return []
        if not isinstance(value, list) or len(value) > MAX_BLOCKS:
            raise refuse(path, "not_a_list", _("Must be a list of at most {most} blocks.", most=MAX_BLOCKS))
        if context.depth > block_list.MAX_DEPTH:
            raise refuse(path, "too_deep", _("Blocks may be nested {depth} levels deep.", depth=block_list.MAX_DEPTH))
        cleaned: list[Any] = []
        problems: list[Problem] = []
        for index, block in enumerate(value):
            try:
                cleaned.append(_clean_block(block, f"{path}[{index}]", path, context))
            except InvalidValue as error:
                problems += error.problems
        problems += _repeated_ids(cleaned, path, context) if context.depth == 1 and not problems else []
        if problems:
            raise InvalidValue(problems)
        return cleaned

    def check_value(self, value: Any, field: FieldDefinition, path: str, context: Context) -> Iterator[Problem]:
        """Yield wrong counts, types that do not belong here, and what the blocks themselves lack."""
        yield from check_count(value, field, path)
        allowed = field.options.get("blocks", context.types)
        for block in value:
            own = record.join(path, block["id"])
            if block["type"] not in allowed:
                yield Problem(
                    own, "block_not_allowed", _("A block of type {type} has no place here.", type=block["type"])
                )
            if block_list.is_readable(block, context.types):
                fields = context.types[block["type"]].fields
                yield from record.complete_record(fields, block["value"], own, context.deeper())
        deepest = field.options.get("depth", block_list.MAX_DEPTH)
        if context.depth == 1 and _depth(value, context) > deepest:
            yield Problem(path, "too_deep", _("Blocks may be nested {depth} levels deep here.", depth=deepest))

    def search_text(self, value: Any, field: FieldDefinition, context: Context) -> str:
        """Return the words of every readable block, in order."""
        found = [record.words_of(fields, block["value"], context) for block, fields in _readable(value, context)]
        return " ".join(each for each in found if each)

    def references(self, value: Any, field: FieldDefinition, path: str, context: Context) -> list[Link]:
        """Return what the readable blocks point to, at paths like `body.k3v9Qm2xT0aB.image`."""
        links: list[Link] = []
        for block, fields in _readable(value, context):
            links += record.links_of(fields, block["value"], record.join(path, block["id"]), context)
        return links

    def json_schema(self, field: FieldDefinition) -> dict[str, Any]:
        """Return a list of blocks of the allowed types."""
        kinds: dict[str, Any] = {"type": "string"}
        if "blocks" in field.options:
            kinds["enum"] = list(field.options["blocks"])
        properties = {
            "id": {"type": "string", "pattern": "^[0-9A-Za-z]{12}$"},
            "type": kinds,
            "v": {"type": "integer", "minimum": 1},
            "value": {"type": "object"},
        }
        return {"type": "array", "items": {"type": "object", "properties": properties, "required": [*properties]}}


def _clean_block(block: Any, position: str, path: str, context: Context) -> Any:
    _check_shape(block, position)
    own = record.join(path, block["id"])
    if not block_list.is_readable(block, context.types):
        if context.kept.get(block["id"]) != block:
            known = context.types.get(block["type"])
            reason = _("it ends at version {version}", version=known.version) if known else _("there is no such type")
            raise refuse(
                own,
                "unknown_block",
                _("Block {type} v{v} cannot be read: {reason}.", type=block["type"], v=block["v"], reason=reason),
            )
        return block
    # Blocks inside have not been looked at yet; each is lifted when its turn comes.
    lifted = lift(block, context.types, nested=False)
    fields = context.types[block["type"]].fields
    value = record.clean_record(fields, lifted["value"], own, context.deeper())
    return {"id": block["id"], "type": block["type"], "v": lifted["v"], "value": value}


def _check_shape(block: Any, position: str) -> None:
    if not isinstance(block, dict) or block.keys() != block_list.BLOCK_KEYS:
        raise refuse(position, "not_a_block", _("Must be a mapping of id, type, v and value."))
    if not block_list.is_id(block["id"]):
        raise refuse(position, "not_an_id", _("The id of a block must have 12 letters and digits."))
    if not isinstance(block["type"], str) or not _is_version(block["v"]) or not isinstance(block["value"], dict):
        raise refuse(position, "not_a_block", _("type must be a text, v a whole number from 1, value a mapping."))


def _is_version(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _repeated_ids(blocks: list[Any], path: str, context: Context) -> list[Problem]:
    counts = Counter(block["id"] for block in block_list.iterate(blocks, context.types))
    repeated = sorted(each for each, count in counts.items() if count > 1)
    message = _("Two blocks have this id; a copy needs an id of its own.")
    return [Problem(record.join(path, each), "repeated_id", message) for each in repeated]


def _readable(value: Any, context: Context) -> Iterator[tuple[Any, record.Fields]]:
    for block in value or ():
        if block_list.is_readable(block, context.types):
            yield block, context.types[block["type"]].fields


def _depth(blocks: list[Any], context: Context) -> int:
    nested = [block["value"][key] for block in blocks for key in block_list.nested_fields(block, context.types)]
    return 1 + max((_depth(each, context) for each in nested), default=0) if blocks else 0
