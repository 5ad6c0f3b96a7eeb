"""Add a document: choose a type that may stand there, then fill in its form."""

from random import SystemRandom
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.accounts import sites
from cms.accounts.actor import PermissionMissing
from cms.content import tree, types
from cms.content.actions import create_document
from cms.content.definition import TypeDefinition
from cms.content.errors import ContentRefused
from cms.content.models import Document
from cms.content.problems import InvalidValue, Problem
from cms.editor.forms.document import DocumentForm, blank, check, of_post
from cms.editor.forms.operations import apply, is_operation, parse
from cms.editor.queries import pick_documents
from cms.editor.views.access import Person, go, load, page, person_of, screen
from cms.editor.views.choose import chosen_locale, chosen_site
from cms.editor.views.form_page import Place, Shown, form_page
from cms.editor.views.saving import publish_saved
from cms.editor.views.uploads import take_uploads


@screen
def add(request: HttpRequest) -> HttpResponse:
    """Show what may be added at a place, or the form of the chosen type; and create what is handed in."""
    person = person_of(request)
    if not request.GET.get("type"):
        return _choose_type(request, person, _place(request, person))
    place, definition = place_and_type(request, person)
    if request.method != "POST":
        return form_page(request, person, blank(definition), place)
    return _sent(request, person, place, definition)


def place_and_type(request: HttpRequest, person: Person) -> tuple[Place, TypeDefinition]:
    """Read from the address what is to be added where. Raises Http404, PermissionMissing."""
    place, key = _place(request, person), request.GET.get("type", "")
    definition = types.current().definitions.get(key)
    if definition is None or definition.usage == "block":
        raise Http404
    if definition.usage != "page":
        place = Place(place.site, place.locale)
    person.actor.require("create", tree.place_below(place.site.id, key, place.locale.id, place.parent), now=person.now)
    return place, definition


def _sent(request: HttpRequest, person: Person, place: Place, definition: TypeDefinition) -> HttpResponse:
    empty = {each.key: each.default for each in definition.fields}
    form = of_post(request.POST, definition, zone=person.zone, earlier=empty)
    outcome = take_uploads(request, form, place, person)
    operation = parse(request.POST.get("op", "save"))
    if is_operation(operation):
        outcome = apply(form, operation, random=SystemRandom()) if outcome is None else outcome
        shown = Shown(form.problems, outcome, request.POST.get("pick.q", "").strip())
        return form_page(request, person, form, place, shown=shown)
    if not form.is_complete:
        notice = _("The form arrived incomplete, so nothing was saved. Check it and save again.")
        return form_page(request, person, form, place, shown=Shown(form.problems, notice=notice, status=400))
    return _create(request, person, place, form)


def _create(request: HttpRequest, person: Person, place: Place, form: DocumentForm) -> HttpResponse:
    problems = check(form, {})
    if not problems:
        try:
            document = create_document(
                site_id=place.site.id,
                locale_id=place.locale.id,
                type_key=form.definition.key,
                parent_id=place.parent.pk if place.parent else None,
                draft=form.draft,
                by=person.actor,
                now=person.now,
            )
        except InvalidValue as error:
            problems = list(error.problems)
        except (ContentRefused, PermissionMissing) as error:
            problems = [Problem(getattr(error, "field", ""), "refused", str(error))]
        else:
            messages.success(request, _("Draft created."))
            is_publish = request.POST.get("op") == "publish"
            return publish_saved(request, person, document) if is_publish else go("change", document.pk)
    notice = _("Nothing was saved. Mend what is listed below, and save again.")
    return form_page(request, person, form, place, shown=Shown(problems, notice=notice, status=422))


def _place(request: HttpRequest, person: Person) -> Place:
    """Find where to add: below the page that the address names, else below the home page of the chosen language."""
    parent_id = request.GET.get("parent", "")
    if parent_id:
        try:
            parent = load(UUID(parent_id), person)
        except ValueError as error:
            raise Http404 from error
        known = sites.current()
        return Place(known.by_id[parent.site_id], known.locales[parent.locale_id], parent)
    site = chosen_site(request)
    locale = chosen_locale(request, site)
    homes = Document.objects.in_use().filter(site_id=site.id, locale_id=locale.id, url_path="/")
    return Place(site, locale, homes.select_related("translation_group").defer("search", "search_text").first())


def _choose_type(request: HttpRequest, person: Person, place: Place) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    found, has_more = ([], False) if not query else pick_documents(
        person.actor, site_id=place.site.id, locale_id=place.locale.id, query=query, now=person.now,
        to=[each.key for each in types.current().of_documents() if each.usage == "page"],
    )  # fmt: skip
    context = {
        "title": _("Add content"),
        "place": place,
        "pages": [each for each in _allowed(person, place) if each.usage == "page"],
        "items": [each for each in _allowed(person, place) if each.usage == "item"],
        "query": query,
        "found": found,
        "has_more": has_more,
        "locales": list(place.site.locales.values()),
        "sites": sites.current().sites,
    }
    return page(request, "editor/choose_type.html", context)


def _allowed(person: Person, place: Place) -> list[TypeDefinition]:
    above = types.current().keys[place.parent.type_id] if place.parent else None
    found = []
    for each in types.current().of_documents():
        parent = place.parent if each.usage == "page" else None
        at = tree.place_below(place.site.id, each.key, place.locale.id, parent)
        if _fits(each, above) and person.actor.may("create", at, now=person.now):
            found.append(each)
    return found


def _fits(definition: TypeDefinition, above: str | None) -> bool:
    if definition.usage != "page":
        return True
    return not definition.parents or (above is not None and above in definition.parents)
