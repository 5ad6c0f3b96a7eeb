"""Three versions of one document, and what comes of them: the common base, theirs (saved), and mine (the form)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cms.content import types
from cms.content.definition import TypeDefinition
from cms.content.merge import Change, Conflict, Merged, merge
from cms.content.models import Document
from cms.content.queries import fields_of
from cms.editor import paths
from cms.editor.forms.document import DocumentForm, base_of

SLUG, SEO_TITLE, SEO_DESCRIPTION = ":slug", ":seo_title", ":seo_description"
"""How slug and SEO are called beside the fields; no field has a colon in its key."""


@dataclass(frozen=True)
class Comparison:
    """The three versions, each with slug and SEO among the fields, and the merged one."""

    definition: TypeDefinition
    base: Mapping[str, Any]
    theirs: Mapping[str, Any]
    mine: Mapping[str, Any]
    merged: Merged

    @property
    def settled(self) -> list[Change]:
        """What one side changed, or both in the same way."""
        asked = [each.path for each in self.merged.conflicts]
        return [each for each in self.merged.changes if not any(_covers(path, each.difference.path) for path in asked)]

    @property
    def is_untouched(self) -> bool:
        """Whether the others changed nothing that the form holds, but only the place or the state."""
        return not self.merged.conflicts and all(each.by == "mine" for each in self.merged.changes)


def compare(document: Document, form: DocumentForm, fields: Mapping[str, Any]) -> Comparison:
    """Compare a form, whose cleaned `fields` these are, with the revision it started from and what is saved now."""
    base_fields, revision = base_of(document, form.revision)
    base = beside(base_fields, revision.values.get("slug", ""), revision.values.get("seo", {})) if revision else {}
    head = document.head_revision
    theirs = beside(fields_of(document), document.slug, head.values.get("seo", {}) if head else {})
    mine = beside(fields, form.slug or base.get(SLUG, ""), form.seo)
    merged = merge(base, theirs, mine, form.definition, types.current().blocks)
    return Comparison(form.definition, base, theirs, mine, merged)


def beside(fields: Mapping[str, Any], slug: str, seo: Mapping[str, str]) -> dict[str, Any]:
    """Put slug and SEO beside the fields."""
    own = {SLUG: slug, SEO_TITLE: seo.get("title") or None, SEO_DESCRIPTION: seo.get("description") or None}
    return {**fields, **own}


def decided(comparison: Comparison, decisions: Mapping[str, str], edited: Mapping[str, Any]) -> dict[str, Any]:
    """Return the merged data after decisions by path: `theirs`, or `edit` for the value in `edited`; else mine."""
    data = comparison.merged.data
    for conflict in comparison.merged.conflicts:
        decision = decisions.get(conflict.path)
        if decision == "theirs":
            data = _take(data, conflict)
        elif decision == "mine" and conflict.mine is None and is_block(conflict):
            data = paths.change(data, conflict.path, lambda block: None)
        elif decision == "edit" and conflict.path in edited:
            data = _put(data, conflict.path, edited[conflict.path])
    return data


def apply_to(form: DocumentForm, data: Mapping[str, Any]) -> None:
    """Put merged data into a form."""
    form.slug = data.get(SLUG) or ""
    form.seo = {"title": data.get(SEO_TITLE) or "", "description": data.get(SEO_DESCRIPTION) or ""}
    form.data = {key: value for key, value in data.items() if not key.startswith(":")}


def is_block(conflict: Conflict) -> bool:
    """Tell whether a conflict is about a whole block."""
    return conflict.path.count(".") % 2 == 1 and not is_about_order(conflict)


def is_about_order(conflict: Conflict) -> bool:
    """Tell whether a conflict is about places: of the blocks of a list, or of one block among lists."""
    return conflict.path.endswith(".order") and not isinstance(conflict.mine, Mapping)


def _take(data: dict[str, Any], conflict: Conflict) -> dict[str, Any]:
    if not is_about_order(conflict):
        return _put(data, conflict.path, conflict.theirs)
    if isinstance(conflict.theirs, list):
        return paths.change(data, conflict.path.removesuffix(".order"), lambda value: _ordered(value, conflict.theirs))
    return data  # a block that both moved to different lists stays where mine is


def _ordered(blocks: Sequence[Any], order: Sequence[str]) -> list[Any]:
    """Sort by this order; blocks it does not name stay behind the one they follow."""
    ranks: list[tuple[int, int]] = []
    rank = -1
    for position, block in enumerate(blocks):
        rank = order.index(block["id"]) if block["id"] in order else rank
        ranks.append((rank, position))
    return [blocks[position] for _, position in sorted(ranks)]


def _put(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    try:
        return paths.change(data, path, lambda _: value)
    except paths.NoSuchPlace:
        return data


def _covers(outer: str, path: str) -> bool:
    return path == outer or path.startswith(f"{outer}.")
