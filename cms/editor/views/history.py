"""The revisions of a document: the list, what changed between two, and the way back to one."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cms.content import types
from cms.content.actions import restore_revision
from cms.content.diff import diff
from cms.content.models import Document, Revision
from cms.content.queries import fields_in
from cms.editor.comparison import beside
from cms.editor.forms.document import whole
from cms.editor.labels import label_in
from cms.editor.values import describe
from cms.editor.views.access import attempt, go, load, page, person_of, screen

PAGE_SIZE = 50


@screen
def history(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """List the saved revisions, the newest first."""
    person = person_of(request)
    document = load(document_id, person)
    rows = Revision.objects.filter(document=document, kind=Revision.Kind.SAVED).select_related("created_by")
    before = whole(request.GET.get("before"))
    rows = rows.filter(number__lt=before) if before else rows
    found = list(rows.defer("data", "shared").order_by("-number")[: PAGE_SIZE + 1])
    context = {
        "title": _("Revisions"),
        "document": document,
        "revisions": found[:PAGE_SIZE],
        "next": found[PAGE_SIZE - 1].number if len(found) > PAGE_SIZE else 0,
        "can_edit": person.may("edit", document) and document.deleted_at is None,
    }
    return page(request, "editor/history.html", context)


@screen
def compare_revisions(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show what changed from one revision to another, field by field."""
    person = person_of(request)
    document = load(document_id, person)
    new = _revision(document, whole(request.GET.get("to")))
    old = _revision(document, whole(request.GET.get("from")) or new.number - 1)
    definition = types.current().by_id(document.type_id)
    before, after = _content(old), _content(new)
    differences = [
        {
            "label": label_in(each.path, definition, after, before),
            "kind": each.kind,
            "before": describe(each.before),
            "after": describe(each.after),
        }
        for each in diff(before, after, definition, types.current().blocks)
    ]
    context = {
        "title": _("Compare revisions"),
        "document": document,
        "old": old,
        "new": new,
        "differences": differences,
        "can_edit": person.may("edit", document) and document.deleted_at is None,
    }
    return page(request, "editor/compare.html", context)


@require_POST
@screen
def restore(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Make the content of a revision the newest draft; nothing of what came after it is lost."""
    person = person_of(request)
    document = load(document_id, person, action="edit")
    revision = _revision(document, whole(request.POST.get("revision")))
    done = attempt(
        request,
        lambda: restore_revision(
            document_id=document.pk,
            revision_id=revision.pk,
            base_version=whole(request.POST.get("version")),
            by=person.actor,
            now=person.now,
        ),
    )
    if not done:
        return go("history", document.pk)
    messages.success(
        request, _("Revision %(number)d is the draft again, as a new revision.") % {"number": revision.number}
    )
    return go("change", document.pk)


def _revision(document: Document, number: int) -> Revision:
    rows = Revision.objects.filter(document=document, kind=Revision.Kind.SAVED, number=number)
    revision = rows.select_related("document", "created_by").first()
    if revision is None:
        raise Http404
    return revision


def _content(revision: Revision) -> dict[str, object]:
    values = revision.values
    return beside(fields_in(revision), values.get("slug", ""), values.get("seo", {}))
