"""Take the decisions of the conflict page, and save the result on top of the version that was compared."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.content import types
from cms.content.models import Document
from cms.content.problems import Problem
from cms.content.queries import fields_of
from cms.editor.comparison import Comparison, apply_to, compare, decided
from cms.editor.forms import CONTROLS
from cms.editor.forms.document import DocumentForm, cleaned, whole
from cms.editor.forms.posted import Absent, Posted
from cms.editor.views.access import Person, go, load, person_of, screen
from cms.editor.views.conflict import conflict_page, field_at
from cms.editor.views.form_page import Shown, form_page, place_of
from cms.editor.views.saving import save


@require_POST
@screen
def resolve(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Save the merged version, or go on editing it."""
    person = person_of(request)
    document = load(document_id, person, action="edit")
    form = _mine(request, document)
    if form is None:
        return HttpResponseBadRequest(_("The form was damaged on its way. Go back and send it again."))
    if (document.version, document.translation_group.version) != (form.version, form.shared_version):
        return conflict_page(request, person, document.pk, form)
    comparison = compare(document, form, cleaned(form, fields_of(document)))
    problems, missing = _decide(request, person, comparison, form)
    form.revision = str(document.head_revision_id or "")
    if missing or problems or request.POST.get("op") == "edit":
        return _edit_further(request, person, document, form, problems, missing=missing)
    refused = save(request, person, document, form)
    if refused is not None:
        return refused
    messages.success(request, _("Both versions are brought together."))
    return go("change", document.pk)


def _mine(request: HttpRequest, document: Document) -> DocumentForm | None:
    """Read the version of the person, as the conflict page carried it along."""
    try:
        mine = json.loads(request.POST.get("mine", ""))
        seo = {key: str(value) for key, value in mine["seo"].items()}
        fields, slug = dict(mine["fields"]), str(mine["slug"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    return DocumentForm(
        types.current().by_id(document.type_id),
        fields,
        slug=slug,
        seo=seo,
        version=whole(request.POST.get("version")),
        shared_version=whole(request.POST.get("shared_version")),
        revision=request.POST.get("revision", ""),
    )


def _decide(
    request: HttpRequest, person: Person, comparison: Comparison, form: DocumentForm
) -> tuple[list[Problem], bool]:
    """Apply the decisions to the form. Returns what was wrong in edited fields, and whether a decision is missing."""
    asked = [each.path for each in comparison.merged.conflicts]
    decisions = {path: request.POST.get(f"decide.{path}", "") for path in asked}
    posted = Posted(request.POST, CONTROLS, types.current().blocks, person.zone)
    edited: dict[str, Any] = {}
    for path in (each for each in asked if decisions[each] == "edit"):
        definition = field_at(comparison, path)
        value = CONTROLS[definition.kind].read(posted, definition, path) if definition else None
        if not isinstance(value, Absent):
            edited[path] = value
    apply_to(form, decided(comparison, decisions, edited))
    return posted.problems, not all(decisions.values())


def _edit_further(
    request: HttpRequest,
    person: Person,
    document: Document,
    form: DocumentForm,
    problems: list[Problem],
    *,
    missing: bool,
) -> HttpResponse:
    notice = _("This is the merged version. It is not saved yet: look it through, and save it.")
    if missing:
        notice = _("Not every question was answered; your version stands there for now. Look it through, and save it.")
    shown = Shown(problems, notice=notice)
    return form_page(request, person, form, place_of(document), document=document, shown=shown)
