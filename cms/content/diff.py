"""What changed between two states of a document: by field, and by block inside lists of blocks."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from cms.content.blocks import Block, Types, is_readable
from cms.content.definition import FieldDefinition, TypeDefinition


@dataclass(frozen=True)
class Difference:
    """One change for people to look at.

    `path` is a field (`title`), a block (`body.k3v9Qm2xT0aB`) or a field of one (`body.k3v9Qm2xT0aB.text`).
    `added`, `removed` and `moved` speak of blocks; the values are whole blocks then.
    """

    path: str
    kind: Literal["changed", "added", "removed", "moved"]
    before: Any
    after: Any


def diff(
    before: Mapping[str, Any], after: Mapping[str, Any], definition: TypeDefinition, types: Types
) -> list[Difference]:
    """Return the changes in the order of the fields; keys that are no fields, such as `slug`, come last.

    Both sides should have been read through (`upcast.read_through`), or renames look like changes.
    """
    return [*_record("", before, after, definition.fields, types)]


def same(one: Any, other: Any) -> bool:
    """Tell whether two JSON values are equal; unlike `==` this keeps true and 1 apart."""
    return bool(one == other) and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _record(
    path: str, before: Mapping[str, Any], after: Mapping[str, Any], fields: Sequence[FieldDefinition], types: Types
) -> Iterator[Difference]:
    lists = {each.key for each in fields if each.kind == "blocks"}
    for key in dict.fromkeys([*(each.key for each in fields), *before, *after]):
        old, new = before.get(key), after.get(key)
        own = f"{path}.{key}" if path else key
        if same(old, new):
            continue
        if key in lists and isinstance(old or [], list) and isinstance(new or [], list):
            yield from _blocks(own, old or [], new or [], types)
        else:
            yield Difference(own, "changed", old, new)


def _blocks(path: str, before: Sequence[Block], after: Sequence[Block], types: Types) -> Iterator[Difference]:
    old, new = ({block["id"]: block for block in each} for each in (before, after))
    for block_id in [each for each in old if each not in new]:
        yield Difference(f"{path}.{block_id}", "removed", old[block_id], None)
    moved = moved_ids([*old], [*new])
    for block_id, block in new.items():
        own = f"{path}.{block_id}"
        if block_id not in old:
            yield Difference(own, "added", None, block)
            continue
        if block_id in moved:
            yield Difference(own, "moved", old[block_id], block)
        yield from _block(own, old[block_id], block, types)


def moved_ids(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the ids, found on both sides, that must be moved to turn one order into the other."""
    old, new = [each for each in before if each in after], [each for each in after if each in before]
    matches = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    kept = {each for match in matches for each in old[match.a : match.a + match.size]}
    return set(old) - kept


def _block(path: str, before: Block, after: Block, types: Types) -> Iterator[Difference]:
    if same(before, after):
        return
    comparable = before["type"] == after["type"] and is_readable(before, types) and is_readable(after, types)
    if comparable:
        yield from _record(path, before["value"], after["value"], types[after["type"]].fields, types)
    else:
        yield Difference(path, "changed", before, after)
