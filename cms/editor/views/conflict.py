"""Two people changed one document: both versions are shown, what fits is merged, and the rest is asked."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.content import types
from cms.content.definition import FieldDefinition
from cms.content.merge import Change, Conflict
from cms.content.queries import fields_of
from cms.editor import paths
from cms.editor.comparison import Comparison, compare, is_about_order
from cms.editor.forms import CONTROLS
from cms.editor.forms.document import DocumentForm, cleaned
from cms.editor.forms.drawing import Drawing
from cms.editor.labels import label_in
from cms.editor.values import describe
from cms.editor.views.access import Person, load, page
from cms.editor.views.form_page import place_of

EDITABLE = ("text", "rich_text", "number", "date", "url", "email", "color", "json")


def conflict_page(request: HttpRequest, person: Person, document_id: UUID, form: DocumentForm) -> HttpResponse:
    """Show both versions and the merged one, and ask about the fields that both changed."""
    document = load(document_id, person)
    mine = cleaned(form, fields_of(document))
    comparison = compare(document, form, mine)
    context = {
        "title": _("Somebody else saved “%(title)s” meanwhile") % {"title": document.title},
        "document": document,
        "place": place_of(document),
        "form": form,
        "mine": json.dumps({"fields": mine, "slug": form.slug, "seo": form.seo}, ensure_ascii=False),
        "version": document.version,
        "shared_version": document.translation_group.version,
        "changes": [_settled(comparison, each) for each in comparison.settled],
        "conflicts": [_asked(person, comparison, each) for each in comparison.merged.conflicts],
    }
    return page(request, "editor/conflict.html", context, status=409)


def field_at(comparison: Comparison, path: str) -> FieldDefinition | None:
    """Return the definition of the field at a path of a conflict; None for blocks, places, slug and SEO."""
    if path.startswith(":"):
        return FieldDefinition(path, "text", label_in(path, comparison.definition))
    steps = path.split(".")
    if len(steps) % 2 == 0:
        return None
    fields = comparison.definition
    for index in range(0, len(steps) - 2, 2):
        block = _block_at(comparison, ".".join(steps[: index + 2]))
        if block is None or block["type"] not in types.current().blocks:
            return None
        fields = types.current().blocks[block["type"]]
    return fields.field(steps[-1])


def _block_at(comparison: Comparison, path: str) -> Any:
    for side in (comparison.mine, comparison.theirs, comparison.base):
        try:
            return paths.get(side, path)
        except paths.NoSuchPlace:
            continue
    return None


def _settled(comparison: Comparison, change: Change) -> dict[str, Any]:
    difference = change.difference
    return {
        "label": label_in(difference.path, comparison.definition, comparison.mine, comparison.theirs, comparison.base),
        "kind": difference.kind,
        "by": change.by,
        "before": describe(difference.before),
        "after": describe(difference.after),
    }


def _asked(person: Person, comparison: Comparison, conflict: Conflict) -> dict[str, Any]:
    definition = field_at(comparison, conflict.path)
    editable = definition is not None and definition.kind in EDITABLE
    is_order = is_about_order(conflict)
    return {
        "path": conflict.path,
        "label": label_in(conflict.path, comparison.definition, comparison.mine, comparison.theirs, comparison.base),
        "theirs": _side(comparison, conflict, conflict.theirs),
        "mine": _side(comparison, conflict, conflict.mine),
        "may_take_theirs": not is_order or isinstance(conflict.theirs, list),
        "field": _drawn(person, definition, conflict) if definition is not None and editable else None,
    }


def _side(comparison: Comparison, conflict: Conflict, value: Any) -> str:
    if value is None:
        return _("(removed)") if conflict.path.count(".") % 2 else _("(empty)")
    if not is_about_order(conflict):
        return describe(value)
    if not isinstance(value, list):
        return label_in(str(value), comparison.definition, comparison.mine, comparison.theirs)
    prefix = conflict.path.removesuffix(".order")
    names = [label_in(f"{prefix}.{each}", comparison.definition, comparison.mine, comparison.theirs) for each in value]
    return "\n".join(name.rpartition(" › ")[2] for name in names)


def _drawn(person: Person, definition: FieldDefinition, conflict: Conflict) -> dict[str, Any]:
    """Draw the field's own control, with mine in it."""
    drawing = Drawing(CONTROLS, types.current().blocks, person.zone, person.language, localized_site=False)
    parent = conflict.path.rpartition(".")[0]
    return drawing.field(definition, conflict.mine, parent)
