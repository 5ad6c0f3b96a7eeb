"""How two people's changes to one document come together: fields by key, blocks by id, rich text as a whole.

Changes to different fields or blocks are both kept. Where both changed the same thing, a conflict holds all three
values for a person to decide, so nothing is discarded.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cms.content.blocks import Block, Types, is_readable, iterate, nested_fields
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.diff import Difference, diff, moved_ids, same

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Conflict:
    """Both changed the same thing; None stands for a block that one side removed. `<path>.order` is about places."""

    path: str
    base: Any
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Change:
    """One change since the base and who made it; `both` when they did the same."""

    by: Literal["theirs", "mine", "both"]
    difference: Difference


@dataclass(frozen=True)
class Merged:
    """The merged data (at conflicts it holds mine, or the side that was not removed), changes, and open conflicts."""

    data: dict[str, Any]
    changes: list[Change]
    conflicts: list[Conflict]


def merge(base: Data, theirs: Data, mine: Data, definition: TypeDefinition, types: Types) -> Merged:
    """Return what both sides make of the base; all three should have been read through and cleaned."""
    lists = [each.key for each in definition.fields if each.kind == "blocks"]
    work = _Work(types, _index(base, lists, types), _index(theirs, lists, types), _index(mine, lists, types))
    data = _record(work, "", base, theirs, mine, definition.fields)
    if not _is_sound(data, lists, work):
        return _without_blocks(base, theirs, mine, definition, types)
    return Merged(data, _changes(base, theirs, mine, definition, types), work.conflicts)


@dataclass
class _Index:
    """Every block of one side by id, and the path of the list it stands in."""

    blocks: dict[str, Block]
    places: dict[str, str]


@dataclass
class _Work:
    types: Types
    base: _Index
    theirs: _Index
    mine: _Index
    conflicts: list[Conflict] = field(default_factory=list)


def _index(data: Data, lists: Sequence[str], types: Types) -> _Index:
    index = _Index({}, {})
    for key in lists:
        for path, block in _walk(key, data.get(key) or [], types):
            index.blocks[block["id"]], index.places[block["id"]] = block, path
    return index


def _walk(path: str, blocks: Sequence[Block], types: Types) -> Iterator[tuple[str, Block]]:
    for block in blocks:
        yield path, block
        for key in nested_fields(block, types):
            yield from _walk(f"{path}.{block['id']}.{key}", block["value"][key], types)


def _record(
    work: _Work, path: str, base: Data, theirs: Data, mine: Data, fields: Sequence[FieldDefinition]
) -> dict[str, Any]:
    lists = {each.key for each in fields if each.kind == "blocks"}
    merged: dict[str, Any] = {}
    for key in dict.fromkeys([*mine, *theirs]):
        own = f"{path}.{key}" if path else key
        sides = [side.get(key) for side in (base, theirs, mine)]
        if key in lists and all(isinstance(side or [], list) for side in sides):
            merged[key] = _blocks(work, own, *(side or [] for side in sides))
        else:
            merged[key] = _whole(work, own, *sides)
    return merged


def _whole(work: _Work, path: str, base: Any, theirs: Any, mine: Any) -> Any:
    """Decide over a value that is not looked into."""
    if same(theirs, base) or same(theirs, mine):
        return mine
    if same(mine, base):
        return theirs
    work.conflicts.append(Conflict(path, base, theirs, mine))
    return mine


def _blocks(
    work: _Work, path: str, base: Sequence[Block], theirs: Sequence[Block], mine: Sequence[Block]
) -> list[Block]:
    here: dict[str, Block] = {}
    for block_id in dict.fromkeys(block["id"] for side in (mine, theirs) for block in side):
        if _belongs(work, path, block_id):
            block = _block(work, f"{path}.{block_id}", *(side.blocks.get(block_id) for side in _sides(work)))
            here |= {block_id: block} if block is not None else {}
    orders = [[block["id"] for block in side] for side in (base, theirs, mine)]
    return [here[block_id] for block_id in _order(work, path, *orders) if block_id in here]


def _belongs(work: _Work, path: str, block_id: str) -> bool:
    """Tell whether this is the list where the block ends up: where a side moved it, mine if both did."""
    base, theirs, mine = (side.places.get(block_id) for side in _sides(work))
    if mine is None or theirs is None:
        return (mine or theirs) == path
    if mine not in (base, theirs) and theirs != base and mine == path:
        work.conflicts.append(Conflict(f"{path}.{block_id}.order", base, theirs, mine))
    return (theirs if mine == base else mine) == path


def _block(work: _Work, path: str, base: Any, theirs: Any, mine: Any) -> Any:
    """Return the merged block, or None when it is removed."""
    if theirs is None or mine is None:
        kept = mine if theirs is None else theirs
        if base is None:
            return _added(work, path, theirs, mine)
        if same(kept, base):
            return None
        work.conflicts.append(Conflict(path, base, theirs, mine))
        return kept
    if not all(_is_alike(work, base, side) for side in (theirs, mine)):
        return _whole(work, path, base, theirs, mine)
    fields = work.types[mine["type"]].fields
    return {**mine, "value": _record(work, path, base["value"], theirs["value"], mine["value"], fields)}


def _added(work: _Work, path: str, theirs: Any, mine: Any) -> Any:
    """Return a block that one side added; blocks moved into it bring along what the other side did to them."""
    added = mine if theirs is None else theirs
    if not is_readable(added, work.types):
        return added
    fields = work.types[added["type"]].fields
    their_value, my_value = ({} if side is None else side["value"] for side in (theirs, mine))
    return {**added, "value": _record(work, path, {}, their_value, my_value, fields)}


def _is_alike(work: _Work, base: Any, block: Any) -> bool:
    return base is not None and base["type"] == block["type"] and is_readable(block, work.types)


def _order(work: _Work, path: str, base: list[str], theirs: list[str], mine: list[str]) -> list[str]:
    """Return all ids of both sides: in the order of the side that moved blocks, the others' behind their neighbour."""
    moved_by_theirs, moved_by_mine = bool(moved_ids(base, theirs)), bool(moved_ids(base, mine))
    if moved_by_theirs and moved_by_mine and moved_ids(theirs, mine):
        work.conflicts.append(Conflict(f"{path}.order", base, theirs, mine))
    first, second = (theirs, mine) if moved_by_theirs and not moved_by_mine else (mine, theirs)
    result = list(first)
    for index, block_id in enumerate(second):
        if block_id not in result:
            before = [result.index(each) for each in second[:index] if each in result]
            result.insert(before[-1] + 1 if before else 0, block_id)
    return result


def _is_sound(data: Data, lists: Sequence[str], work: _Work) -> bool:
    """Check that no block was lost or doubled, as when one moves A into B while the other moves B into A."""
    ids = [block["id"] for key in lists for block in iterate(data.get(key) or [], work.types)]
    base, theirs, mine = (side.blocks.keys() for side in _sides(work))
    expected = (theirs & mine) | (theirs - base) | (mine - base)
    return len(ids) == len(set(ids)) and expected <= set(ids)


def _without_blocks(base: Data, theirs: Data, mine: Data, definition: TypeDefinition, types: Types) -> Merged:
    """Merge with every list of blocks taken as a whole."""
    work = _Work(types, _Index({}, {}), _Index({}, {}), _Index({}, {}))
    data = _record(work, "", base, theirs, mine, [])
    return Merged(data, _changes(base, theirs, mine, definition, types), work.conflicts)


def _changes(base: Data, theirs: Data, mine: Data, definition: TypeDefinition, types: Types) -> list[Change]:
    by_theirs, by_mine = diff(base, theirs, definition, types), diff(base, mine, definition, types)
    changes = [Change("both" if each in by_mine else "theirs", each) for each in by_theirs]
    return changes + [Change("mine", each) for each in by_mine if each not in by_theirs]


def _sides(work: _Work) -> tuple[_Index, _Index, _Index]:
    return work.base, work.theirs, work.mine
