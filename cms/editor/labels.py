"""What is a place in a document called? `body.k3v9Qm2xT0aB.text` becomes "Body › Quote 2 › Text"."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.content import types
from cms.content.definition import FieldDefinition, TypeDefinition
from cms.editor.words import word

OWN_LABELS = {
    ":slug": gettext_lazy("Slug"),
    ":seo_title": gettext_lazy("Title for search engines"),
    ":seo_description": gettext_lazy("Description for search engines"),
}


def label_in(path: str, definition: TypeDefinition, *versions: Mapping[str, Any]) -> str:
    """Name a place; blocks are looked for in the versions, one after the other, for their type and number."""
    if path in OWN_LABELS:
        return str(OWN_LABELS[path])
    steps = path.split(".")
    return " › ".join(_labels(steps, definition.fields, versions))


def _labels(
    steps: Sequence[str], fields: Sequence[FieldDefinition], versions: Sequence[Mapping[str, Any]]
) -> list[str]:
    key, index = steps[0].partition("[")[0], steps[0].partition("[")[2]
    field = next((each for each in fields if each.key == key), None)
    labels = [f"{word(field.label) if field else key}{f' {int(index[:-1]) + 1}' if index[:-1].isdecimal() else ''}"]
    if field is None or field.kind != "blocks" or len(steps) < 2:
        return labels
    if steps[1] == "order":
        return [*labels, _("order of the blocks")]
    block, number = _block(steps[1], [version.get(key) for version in versions])
    kind = types.current().blocks.get(block["type"]) if block else None
    labels.append(f"{word(kind.name) if kind else _('Block')} {number}" if number else _("Block"))
    if kind is not None and block is not None and len(steps) > 2:
        labels += [_("place")] if steps[2] == "order" else _labels(steps[2:], kind.fields, [block["value"]])
    return labels


def _block(block_id: str, lists: Sequence[Any]) -> tuple[Any, int]:
    for each in lists:
        for number, block in enumerate(each or [], start=1):
            if block["id"] == block_id:
                return block, number
    return None, 0
