"""Save and publish what a form holds. Whatever is refused, the form comes back with every value."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.accounts.actor import PermissionMissing
from cms.content.actions import save_draft
from cms.content.errors import ContentRefused, VersionConflict
from cms.content.models import Document
from cms.content.problems import InvalidValue, Problem
from cms.content.queries import fields_of
from cms.editor.comparison import apply_to, compare
from cms.editor.forms.document import DocumentForm, check, cleaned, is_changed
from cms.editor.views.access import Person, go, load
from cms.editor.views.conflict import conflict_page
from cms.editor.views.form_page import Shown, form_page, place_of
from cms.publishing.actions import publish
from cms.publishing.errors import NotReady


def save(request: HttpRequest, person: Person, document: Document, form: DocumentForm) -> HttpResponse | None:
    """Save a form if it changes anything. Returns the page that says why not, or None when all is saved."""
    problems = check(form, fields_of(document))
    if problems:
        return with_problems(request, person, document, form, problems)
    if form.version == document.version and not is_changed(form, document):
        return None
    try:
        _write(person, document, form)
    except VersionConflict:
        return _merge(request, person, document, form)
    except PermissionMissing as error:
        shown = Shown(notice=str(error), status=403)
        return form_page(request, person, form, place_of(document), document=document, shown=shown)
    except (ContentRefused, InvalidValue) as error:
        return with_problems(request, person, document, form, problems_of(error))
    messages.success(request, _("Draft saved."))
    return None


def publish_saved(request: HttpRequest, person: Person, document: Document) -> HttpResponse:
    """Publish what was just saved, and nothing that somebody saved in between; the draft stays saved in any case."""
    try:
        expected = {document.pk: document.version}
        warnings = publish(document_ids=[document.pk], by=person.actor, now=person.now, expected=expected)
    except NotReady:
        messages.warning(request, _("The draft is saved, but it cannot be published yet. Mend what is listed below."))
        return go("change", document.pk, query="check=1")
    except (ContentRefused, PermissionMissing) as error:
        messages.error(request, _("The draft is saved, but not published. %(why)s") % {"why": error})
        return go("change", document.pk)
    messages.success(request, _("Published, with warnings: see “Checks”.") if warnings else _("Published."))
    return go("change", document.pk)


def with_problems(
    request: HttpRequest,
    person: Person,
    document: Document,
    form: DocumentForm,
    problems: Sequence[Problem],
) -> HttpResponse:
    """Show the form again with what is wrong."""
    notice = _("Nothing was saved. Mend what is listed below, and save again.")
    shown = Shown(problems, notice=notice, status=422)
    return form_page(request, person, form, place_of(document), document=document, shown=shown)


def problems_of(error: Exception) -> list[Problem]:
    """Turn a refusal into faults of the form, at their field where they have one."""
    if isinstance(error, InvalidValue):
        return list(error.problems)
    return [Problem(getattr(error, "field", ""), "refused", str(error))]


def _write(person: Person, document: Document, form: DocumentForm) -> None:
    """Save, and note the version that this made."""
    saved = save_draft(
        document_id=document.pk,
        base_version=form.version,
        base_shared_version=form.shared_version,
        draft=form.draft,
        by=person.actor,
        now=person.now,
    )
    document.version = saved.version


def _merge(request: HttpRequest, person: Person, document: Document, form: DocumentForm) -> HttpResponse | None:
    """Save on top if the others changed nothing that the form holds, such as the place; else show both versions."""
    current = load(document.pk, person)
    comparison = compare(current, form, cleaned(form, fields_of(current)))
    if not comparison.is_untouched:
        return conflict_page(request, person, document.pk, form)
    apply_to(form, comparison.merged.data)
    form.version, form.shared_version = current.version, current.translation_group.version
    try:
        _write(person, document, form)
    except VersionConflict:  # once more, within milliseconds: let the person look
        return conflict_page(request, person, document.pk, form)
    except (ContentRefused, InvalidValue) as error:
        return with_problems(request, person, document, form, problems_of(error))
    messages.success(request, _("Draft saved."))
    return None
