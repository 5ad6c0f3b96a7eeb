"""Edit a document: one form, many buttons. Whatever happens, what was entered comes back."""

from random import SystemRandom
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from cms.content import types
from cms.content.models import Document
from cms.content.problems import Problem
from cms.content.queries import fields_of
from cms.editor.forms.document import DocumentForm, check, of_document, of_post
from cms.editor.forms.operations import Outcome, apply, is_operation, parse
from cms.editor.views.access import Person, go, load, person_of, screen
from cms.editor.views.form_page import Shown, form_page, place_of
from cms.editor.views.saving import publish_saved, save, with_problems
from cms.editor.views.uploads import take_uploads
from cms.publishing.actions import keep_preview
from cms.publishing.queries import findings

SCREENS = ("schedule", "unpublish", "move", "trash", "history")
"""Where a button may lead, after what was entered is saved."""


@screen
def change(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show the form of a document, or do what one of its buttons says."""
    person = person_of(request)
    document = load(document_id, person)
    if request.method != "POST":
        return _opened(request, person, document)
    definition = types.current().by_id(document.type_id)
    form = of_post(request.POST, definition, zone=person.zone, earlier=fields_of(document))
    outcome = take_uploads(request, form, place_of(document), person)
    operation = parse(request.POST.get("op", "save"))
    if is_operation(operation):
        outcome = apply(form, operation, random=SystemRandom()) if outcome is None else outcome
        return _redrawn(request, person, document, form, outcome)
    if not form.is_complete:
        notice = _("The form arrived incomplete, so nothing was saved. Check it and save again.")
        shown = Shown(form.problems, notice=notice, status=400)
        return form_page(request, person, form, place_of(document), document=document, shown=shown)
    if operation.verb == "preview":
        return _preview(request, person, document, form)
    return _handed_in(request, person, document, form)


def _opened(request: HttpRequest, person: Person, document: Document) -> HttpResponse:
    """Show the saved draft; with `?check=1` pre-flight's findings stand at their fields."""
    problems: list[Problem] = []
    if "check" in request.GET:
        found = findings([document], now=person.now)
        problems = [Problem(each.path, each.code, each.message) for each in found if each.blocks]
    form = of_document(document)
    return form_page(request, person, form, place_of(document), document=document, shown=Shown(problems))


def _redrawn(
    request: HttpRequest, person: Person, document: Document, form: DocumentForm, outcome: Outcome
) -> HttpResponse:
    shown = Shown(form.problems, outcome, request.POST.get("pick.q", "").strip())
    return form_page(request, person, form, place_of(document), document=document, shown=shown)


def _handed_in(request: HttpRequest, person: Person, document: Document, form: DocumentForm) -> HttpResponse:
    operation = parse(request.POST.get("op", "save"))
    refused = save(request, person, document, form)
    if refused is not None:
        return refused
    if operation.verb == "publish":
        return publish_saved(request, person, document)
    if operation.verb == "go" and operation.path in SCREENS:
        return go(operation.path, document.pk)
    return go("change", document.pk)


def _preview(request: HttpRequest, person: Person, document: Document, form: DocumentForm) -> HttpResponse:
    problems = check(form, fields_of(document))
    if problems:
        return with_problems(request, person, document, form, problems)
    token = keep_preview(document_id=document.pk, draft=form.draft, by=person.actor, now=person.now)
    return HttpResponseRedirect(f"/preview/{token}/")
