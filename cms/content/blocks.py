"""How a list of blocks is held together: `[{"id", "type", "v", "value"}]`, with ids made once and kept for good.

Nothing here looks at the fields inside a block, except to find the lists of blocks nested in them.
A block of an unknown type, or of a newer version than the type here, is never opened.
"""

import random as randomness
import re
import string
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cms.content.definition import TypeDefinition
from reliability.wording import say as _

Block = Mapping[str, Any]
Types = Mapping[str, TypeDefinition]

ID_LENGTH = 12  # 62^12 is about 3e21: no two blocks of a site meet by chance
ID_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
MAX_DEPTH = 4
BLOCK_KEYS = frozenset({"id", "type", "v", "value"})

_ID = re.compile(r"[0-9A-Za-z]{12}")


class UnknownBlock(LookupError):
    """No block with this id is in the list."""


def new_id(*, random: randomness.Random) -> str:
    """Return a block id of 12 base62 characters."""
    return "".join(random.choices(ID_ALPHABET, k=ID_LENGTH))


def is_id(value: object) -> bool:
    """Tell whether this is a well-formed block id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def new_block(definition: TypeDefinition, value: Mapping[str, Any], *, random: randomness.Random) -> dict[str, Any]:
    """Return a block of this type in its current version, with an id of its own."""
    return {"id": new_id(random=random), "type": definition.key, "v": definition.version, "value": dict(value)}


def is_readable(block: Any, types: Types) -> bool:
    """Tell whether this code knows the block's fields; if not, it is shown read-only and kept byte for byte."""
    # Asked ten times of every block that is saved; whether a dictionary is a mapping is the slow part of the answer.
    if not isinstance(block, (dict, Mapping)) or not isinstance(block.get("value"), (dict, Mapping)):
        return False
    key, version = block.get("type"), block.get("v")
    if not isinstance(key, str) or not isinstance(version, int):
        return False
    return key in types and version <= types[key].version


def nested_fields(block: Block, types: Types) -> list[str]:
    """Return the keys of the block's fields that hold lists of blocks, in order."""
    if not is_readable(block, types):
        return []
    value = block["value"]
    fields = types[block["type"]].fields
    return [each.key for each in fields if each.kind == "blocks" and isinstance(value.get(each.key), list)]


def iterate(blocks: Sequence[Block], types: Types) -> Iterator[Block]:
    """Yield every block, each before those nested in it."""
    for block in blocks:
        yield block
        for key in nested_fields(block, types):
            yield from iterate(block["value"][key], types)


def find(blocks: Sequence[Block], block_id: str, types: Types) -> Block | None:
    """Return the block with this id at any depth, or None."""
    return next((block for block in iterate(blocks, types) if block.get("id") == block_id), None)


def with_ids(blocks: Sequence[Block], types: Types, *, random: randomness.Random) -> list[dict[str, Any]]:
    """Return the blocks with an id for each that has none; existing ids stay."""
    return [_with_id(block, types, random, keep=True) for block in blocks]


def duplicate(blocks: Sequence[Block], block_id: str, types: Types, *, random: randomness.Random) -> list[Block]:
    """Return the list with a copy right behind the block; the copy has new ids throughout.

    Raises UnknownBlock when no block has this id.
    """
    copied = [_with_id(block, types, random, keep=False) for block in blocks if block["id"] == block_id]
    if copied:
        index = _index(blocks, block_id)
        return [*blocks[: index + 1], *copied, *blocks[index + 1 :]]
    return _inside(blocks, block_id, types, lambda nested: duplicate(nested, block_id, types, random=random))


def move(blocks: Sequence[Block], block_id: str, by: int, types: Types) -> list[Block]:
    """Return the list with the block moved among its siblings, up for a negative `by`; it stops at the ends.

    Raises UnknownBlock when no block has this id.
    """
    if any(block["id"] == block_id for block in blocks):
        index = _index(blocks, block_id)
        rest = [block for block in blocks if block["id"] != block_id]
        target = min(max(index + by, 0), len(rest))
        return [*rest[:target], blocks[index], *rest[target:]]
    return _inside(blocks, block_id, types, lambda nested: move(nested, block_id, by, types))


def remove(blocks: Sequence[Block], block_id: str, types: Types) -> list[Block]:
    """Return the list without the block and what is nested in it.

    Raises UnknownBlock when no block has this id.
    """
    if any(block["id"] == block_id for block in blocks):
        return [block for block in blocks if block["id"] != block_id]
    return _inside(blocks, block_id, types, lambda nested: remove(nested, block_id, types))


def _index(blocks: Sequence[Block], block_id: str) -> int:
    return [block["id"] for block in blocks].index(block_id)


def _inside(blocks: Sequence[Block], block_id: str, types: Types, change: Any) -> list[Block]:
    """Apply the change to the one nested list that leads to the block."""
    for index, block in enumerate(blocks):
        for key in nested_fields(block, types):
            if find(block["value"][key], block_id, types) is None:
                continue
            changed = {**block, "value": {**block["value"], key: change(block["value"][key])}}
            return [*blocks[:index], changed, *blocks[index + 1 :]]
    raise UnknownBlock(_("There is no block {block_id}; it may have been removed.", block_id=block_id))


def _with_id(block: Block, types: Types, random: randomness.Random, *, keep: bool) -> dict[str, Any]:
    renewed = dict(block)
    if not (keep and block.get("id")):
        renewed = {"id": new_id(random=random)} | {key: value for key, value in block.items() if key != "id"}
    for key in nested_fields(block, types):
        nested = [_with_id(each, types, random, keep=keep) for each in block["value"][key]]
        renewed["value"] = {**renewed["value"], key: nested}
    return renewed
