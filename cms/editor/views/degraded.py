"""The real form of a document, filled, while it cannot be saved: the option DEGRADED_PAGE of routing.

Nothing is written, and what is read comes from a standby. Whatever goes wrong, the plain page of routing keeps the
values too: None asks for it.
"""

from random import SystemRandom
from typing import Any

from django.contrib import admin
from django.db import DatabaseError, InterfaceError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.accounts.actor import PermissionMissing
from cms.content import types
from cms.content.models import Document
from cms.content.queries import fields_of
from cms.editor.forms.document import DocumentForm, of_post
from cms.editor.forms.operations import Outcome, apply, is_operation, parse
from cms.editor.views.access import load, person_of
from cms.editor.views.add import place_and_type
from cms.editor.views.form_page import Shown, form_page, place_of
from reliability.routing.answers import STATUS, Problem

PREFIX = "cms_content_document_"


def form_again(request: HttpRequest, problem: Problem) -> HttpResponse | None:
    """Draw the form of a document with what was sent; None for other pages, and when it cannot be drawn."""
    match = request.resolver_match
    if match is None or match.url_name not in (f"{PREFIX}change", f"{PREFIX}add") or request.FILES:
        return None  # A file cannot be put back into a form; the plain page names those that are missing.
    try:
        if not admin.site.has_permission(request):
            return None
        return _change(request, problem, **match.kwargs) if match.kwargs else _add(request, problem)
    except (DatabaseError, InterfaceError, PermissionMissing, Document.DoesNotExist, Http404):
        return None


def _change(request: HttpRequest, problem: Problem, *, document_id: Any) -> HttpResponse:
    person = person_of(request)
    document = load(document_id, person)
    definition = types.current().by_id(document.type_id)
    form = of_post(request.POST, definition, zone=person.zone, earlier=fields_of(document))
    return form_page(request, person, form, place_of(document), document=document, shown=_shown(request, form, problem))


def _add(request: HttpRequest, problem: Problem) -> HttpResponse:
    person = person_of(request)
    place, definition = place_and_type(request, person)
    earlier = {each.key: each.default for each in definition.fields}
    form = of_post(request.POST, definition, zone=person.zone, earlier=earlier)
    return form_page(request, person, form, place, shown=_shown(request, form, problem))


def _shown(request: HttpRequest, form: DocumentForm, problem: Problem) -> Shown:
    """Buttons that only redraw the form work all the same; for the others a sentence says what to do."""
    operation, outcome = parse(request.POST.get("op", "save")), Outcome()
    if is_operation(operation):
        outcome = apply(form, operation, random=SystemRandom())
    query = request.POST.get("pick.q", "").strip()
    return Shown(form.problems, outcome, query, notice=_sentence(problem), status=STATUS)


def _sentence(problem: Problem) -> str:
    if problem is Problem.COMMIT_UNKNOWN:
        return _("We cannot tell whether this was saved. Look in a new tab first; what you entered is kept here.")
    return _(
        "Not saved yet: nothing can be saved at the moment. What you entered is kept here; save again in a moment."
    )
