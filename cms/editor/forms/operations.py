"""What do the buttons inside a form do? They change its values, and the form is drawn again; nothing is saved.

A button's value is `verb|path|argument`; a path never holds a bar.
"""

import random as randomness
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cms.content import blocks as block_list
from cms.content import types
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.editor import paths
from cms.editor.forms.document import DocumentForm


@dataclass(frozen=True)
class Operation:
    """What a button asks for."""

    verb: str
    path: str = ""
    argument: str = ""


@dataclass(frozen=True)
class Outcome:
    """What is to be shown next: the field or block that changed, an open search, or an open palette of blocks."""

    changed: str = ""
    picking: str = ""
    insert_before: str = ""


def parse(text: str) -> Operation:
    """Read the value of a button."""
    verb, _, rest = text.partition("|")
    path, _, argument = rest.partition("|")
    return Operation(verb, path, argument)


def is_operation(operation: Operation) -> bool:
    """Tell whether this is for `apply`, not for saving or going elsewhere."""
    return operation.verb in VERBS


def apply(form: DocumentForm, operation: Operation, *, random: randomness.Random) -> Outcome:
    """Do what the button says; a block that is not there any more changes nothing."""
    try:
        return VERBS[operation.verb](form, operation, random)
    except (paths.NoSuchPlace, block_list.UnknownBlock, ValueError, IndexError):
        return Outcome(changed=operation.path)


def definition_at(form: DocumentForm, path: str) -> FieldDefinition | None:
    """Return the field that a path leads to."""
    steps = path.split(".")
    fields: TypeDefinition | None = form.definition
    for index in range(0, len(steps) - 2, 2):
        block = paths.get(form.data, ".".join(steps[: index + 2]))
        fields = types.current().blocks.get(block.get("type"))
        if fields is None:
            return None
    return fields.field(steps[-1]) if fields else None


def _add(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
    """Add a block at the end of a list, or with `type@id` in front of another one."""
    key, _, before = operation.argument.partition("@")
    block = _new_block(types.current().blocks[key], random)

    def insert(value: Any) -> list[Any]:
        siblings = list(value or [])
        index = next((at for at, each in enumerate(siblings) if each["id"] == before), len(siblings))
        return [*siblings[:index], block, *siblings[index:]]

    form.data = paths.change(form.data, operation.path, insert)
    return Outcome(changed=block["id"])


def _new_block(definition: TypeDefinition, random: randomness.Random) -> dict[str, Any]:
    """Make a block with its defaults; where it must hold blocks of one type only, they are there already."""
    value: dict[str, Any] = {}
    for each in definition.active_fields:
        value[each.key] = each.default
        inside = each.options.get("blocks") or []
        if each.kind == "blocks" and len(inside) == 1 and inside[0] != definition.key:
            count = each.options.get("min", 0)
            value[each.key] = [_new_block(types.current().blocks[inside[0]], random) for _ in range(count)]
    return block_list.new_block(definition, value, random=random)


def _on_blocks(change: Callable[[Any, str, Any, randomness.Random], Any]) -> Callable[..., Outcome]:
    """Make a verb of a function of `cms.content.blocks`; the path is the list, the argument the block's id."""

    def verb(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
        key = operation.path.partition(".")[0]
        before = form.data.get(key) or []
        form.data[key] = change(before, operation.argument, types.current().blocks, random)
        known = {each["id"] for each in block_list.iterate(before, types.current().blocks)}
        now = [each["id"] for each in block_list.iterate(form.data[key], types.current().blocks)]
        added = next((each for each in now if each not in known), None)
        return Outcome(changed=added or (operation.argument if operation.argument in now else operation.path))

    return verb


def _insert(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
    return Outcome(changed=operation.argument, insert_before=operation.argument)


def _pick(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
    return Outcome(changed=operation.path, picking=operation.path)


def _close(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
    return Outcome(changed=operation.path)


def _choose(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
    field = definition_at(form, operation.path)
    if field is None:
        return Outcome()
    many = field.kind == "references" or bool(field.options.get("multiple"))
    chosen: Any = operation.argument
    if field.kind == "media":
        chosen = {"asset": operation.argument, "alt": None, "decorative": False, "focal": None}

    def put(value: Any) -> Any:
        return [*(value or []), chosen] if many else chosen

    form.data = paths.change(form.data, operation.path, put)
    return Outcome(changed=operation.path, picking=operation.path if many else "")


def _clear(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
    index = int(operation.argument)

    def drop(value: Any) -> Any:
        return [*value[:index], *value[index + 1 :]] if isinstance(value, list) else None

    form.data = paths.change(form.data, operation.path, drop)
    return Outcome(changed=operation.path)


def _shift(by: int) -> Callable[..., Outcome]:
    def verb(form: DocumentForm, operation: Operation, random: randomness.Random) -> Outcome:
        index = int(operation.argument)

        def shift(value: list[Any]) -> list[Any]:
            rest = [*value[:index], *value[index + 1 :]]
            target = min(max(index + by, 0), len(rest))
            return [*rest[:target], value[index], *rest[target:]]

        form.data = paths.change(form.data, operation.path, shift)
        return Outcome(changed=operation.path)

    return verb


VERBS: dict[str, Callable[[DocumentForm, Operation, randomness.Random], Outcome]] = {
    "add": _add,
    "insert": _insert,
    "up": _on_blocks(lambda blocks, pk, known, random: block_list.move(blocks, pk, -1, known)),
    "down": _on_blocks(lambda blocks, pk, known, random: block_list.move(blocks, pk, 1, known)),
    "duplicate": _on_blocks(lambda blocks, pk, known, random: block_list.duplicate(blocks, pk, known, random=random)),
    "remove": _on_blocks(lambda blocks, pk, known, random: block_list.remove(blocks, pk, known)),
    "pick": _pick,
    "choose": _choose,
    "close": _close,
    "clear": _clear,
    "earlier": _shift(-1),
    "later": _shift(1),
    "redraw": _close,
    "upload": _close,
}
