"""The page with the form of a document: the fields, and beside them what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.accounts import sites
from cms.accounts.decision import Place as Permission
from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.content import types
from cms.content.models import Document
from cms.content.problems import Problem
from cms.editor.forms import CONTROLS
from cms.editor.forms.document import DocumentForm
from cms.editor.forms.drawing import Drawing, Picker
from cms.editor.forms.operations import Outcome, definition_at
from cms.editor.queries import fill_pictures, fill_targets, pick_assets, pick_documents
from cms.editor.views.access import Person, page
from cms.editor.views.panel import panel_of
from cms.editor.words import word


@dataclass(frozen=True)
class Place:
    """Where a document stands, or is to stand."""

    site: SiteEntry
    locale: LocaleEntry
    parent: Document | None = None


@dataclass
class Shown:
    """What the page shows besides the values."""

    problems: Sequence[Problem] = ()
    outcome: Outcome = field(default_factory=Outcome)
    query: str = ""
    notice: str = ""
    status: int = 200


def place_of(document: Document) -> Place:
    """Give the place of a document."""
    known = sites.current()
    return Place(known.by_id[document.site_id], known.locales[document.locale_id], document.parent)


def form_page(
    request: HttpRequest,
    person: Person,
    form: DocumentForm,
    place: Place,
    *,
    document: Document | None = None,
    shown: Shown | None = None,
) -> HttpResponse:
    """Draw the form, with whatever it holds."""
    shown = shown or Shown()
    drawing = _drawing(person, form, place, shown)
    fields = drawing.fields(form.definition.fields, form.data, "")
    is_page = form.definition.usage == "page"
    extra = _extra_fields(form, drawing, has_slug=is_page and not _is_home(document, place))
    fill_targets(drawing.targets, locale_id=place.locale.id)
    fill_pictures(drawing.pictures, locale_code=place.locale.code)
    context = {
        "title": _title(form, document),
        "document": document,
        "form": form,
        "place": place,
        "sections": _sections(form, fields),
        **extra,
        "summary": drawing.summary(),
        "notice": shown.notice,
        "default_op": f"pick|{drawing.picker.path}" if drawing.picker else "save",
        "panel": panel_of(document, person) if document else None,
        "can_edit": person.may("edit", document) if document else True,
        "is_page": is_page,
        "action": request.path if document else request.get_full_path(),
    }
    return page(request, "editor/document_form.html", context, status=shown.status)


def _drawing(person: Person, form: DocumentForm, place: Place, shown: Shown) -> Drawing:
    return Drawing(
        CONTROLS,
        types.current().blocks,
        person.zone,
        person.language,
        problems=shown.problems,
        picker=_picker(person, form, place, shown),
        insert_before=shown.outcome.insert_before,
        changed=shown.outcome.changed,
        can_upload=person.actor.may("media", Permission(site=place.site.id), now=person.now),
        localized_site=len(place.site.locales) > 1,
    )


def _picker(person: Person, form: DocumentForm, place: Place, shown: Shown) -> Picker | None:
    path = shown.outcome.picking
    definition = definition_at(form, path) if path else None
    if definition is None:
        return None
    if definition.kind == "media":
        pictures, more = pick_assets(
            site_id=place.site.id, accept=definition.options.get("accept"), query=shown.query,
            locale_code=place.locale.code,
        )  # fmt: skip
        return Picker(path, shown.query, "media", pictures=pictures, has_more=more)
    targets, more = pick_documents(
        person.actor, site_id=place.site.id, locale_id=place.locale.id, to=definition.options.get("to"),
        query=shown.query, now=person.now,
    )  # fmt: skip
    return Picker(path, shown.query, "reference", targets=targets, has_more=more)


def _extra_fields(form: DocumentForm, drawing: Drawing, *, has_slug: bool) -> dict[str, Any]:
    """The slug and what search engines see stand in every form, whatever the type."""
    found: dict[str, Any] = {"has_slug": has_slug}
    for path, label in (("slug", _("Slug")), ("seo.title", _("Title for search engines")),
                        ("seo.description", _("Description for search engines"))):  # fmt: skip
        drawing.drawn[path] = label
        found[f"{path.replace('.', '_')}_problems"] = [each.message for each in drawing.problems if each.path == path]
    return found


def _sections(form: DocumentForm, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put fields of one group together; those without a group come first."""
    groups: dict[str, list[dict[str, Any]]] = {"": []}
    for definition, drawn in zip(form.definition.active_fields, fields, strict=True):
        groups.setdefault(definition.group, []).append(drawn)
    return [{"name": word(name), "fields": each} for name, each in groups.items() if each]


def _title(form: DocumentForm, document: Document | None) -> str:
    if document is None:
        return _("New: %(type)s") % {"type": word(form.definition.name)}
    return document.title or _("(without a title)")


def _is_home(document: Document | None, place: Place) -> bool:
    return place.parent is None
