"""A list of blocks, each a fieldset."""

import json
from typing import TYPE_CHECKING, Any

from cms.content.blocks import MAX_DEPTH, is_id, is_readable
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.content.fields.record import join
from cms.editor.forms.control import ABSENT, Control
from cms.editor.forms.posted import Posted
from cms.editor.words import word

if TYPE_CHECKING:
    from cms.editor.forms.drawing import Drawing


class BlocksControl(Control):
    """Blocks in order; buttons add, move, duplicate and remove them, and draw the form again."""

    key = "blocks"
    template = "editor/controls/blocks.html"
    is_group = True

    def read(self, posted: Posted, field: FieldDefinition, path: str) -> Any:
        # A list is at every second place of a path (`body.<id>.columns.<id>.content`).
        if not posted.has(path, "list") or path.count(".") > 2 * MAX_DEPTH:
            return ABSENT
        ids = [each for each in posted.texts(path) if is_id(each)]
        return [_read_block(posted, join(path, each), each) for each in dict.fromkeys(ids)]

    def parts(self, drawing: "Drawing", field: FieldDefinition, path: str, value: Any) -> dict[str, Any]:
        blocks = value if isinstance(value, list) else []
        last = len(blocks) - 1
        drawn = [_draw_block(drawing, each, path, number, is_last=number == last) for number, each in enumerate(blocks)]
        return {
            "blocks": drawn,
            "palette": [{"key": each.key, "name": word(each.name)} for each in drawing.block_types(field)],
            "insert_before": drawing.insert_before,
            "is_full": len(blocks) >= field.options.get("max", 1000),
            "is_nested": "." in path,
            "changed": drawing.changed == path,
        }


def _read_block(posted: Posted, path: str, block_id: str) -> Any:
    if posted.has(path, "raw"):
        return posted.raw(path)
    kind, version = posted.text(path, "type") or "", posted.text(path, "v") or ""
    definition = posted.blocks.get(kind)
    value = posted.record(definition.fields, path) if definition else {}
    return {"id": block_id, "type": kind, "v": int(version) if version.isdecimal() else 0, "value": value}


def _draw_block(drawing: "Drawing", block: Any, path: str, number: int, *, is_last: bool) -> dict[str, Any]:
    own = join(path, block["id"])
    definition = drawing.blocks.get(block["type"])
    readable = definition is not None and is_readable(block, drawing.blocks)
    return {
        "id": block["id"],
        "path": own,
        "name": f"f.{own}",
        "list_name": f"f.{path}",
        "type": block["type"],
        "v": block["v"],
        "title": word(definition.name) if definition else block["type"],
        "number": number + 1,
        "is_first": number == 0,
        "is_last": is_last,
        "is_readable": readable,
        "raw": "" if readable else json.dumps(block, ensure_ascii=False),
        "fields": drawing.fields(definition.fields, block["value"], own) if definition and readable else [],
        "kept": _kept(definition, block, own) if definition and readable else [],
        "problems": drawing.problems_at(own),
        "changed": drawing.changed == block["id"],
        "has_palette": drawing.insert_before == block["id"],
        "preview": _summary(block),
    }


def _kept(definition: TypeDefinition, block: Any, path: str) -> list[dict[str, str]]:
    """Carry what the form does not show, since a block is saved as a whole: fields that are retired or read-only."""
    hidden = [each for each in definition.fields if each.retired and block["value"].get(each.key) is not None]
    return [
        {"name": f"f.{path}.{each.key}:raw", "value": json.dumps(block["value"][each.key], ensure_ascii=False)}
        for each in hidden
    ]


def _summary(block: Any) -> str:
    value = block.get("value")
    texts = [each for each in value.values() if isinstance(each, str)] if isinstance(value, dict) else []
    return " ".join(texts)[:120]
