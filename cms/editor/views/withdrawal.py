"""Unpublish a document, put it into the trash, and take it out again; each is confirmed first."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cms.content import tree
from cms.content.actions import restore_from_trash
from cms.content.models import Document
from cms.content.queries import usage
from cms.editor.forms.document import whole
from cms.editor.listing import row_of
from cms.editor.queries import documents
from cms.editor.views.access import attempt, go, load, page, person_of, screen, url
from cms.publishing.actions import trash, unpublish

MAX_LISTED = 100


@screen
def unpublish_screen(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Ask whether what stands below goes too, and withdraw it."""
    person = person_of(request)
    document = load(document_id, person, action="publish")
    if request.method == "POST":
        done = attempt(
            request,
            lambda: unpublish(
                document_ids=[document.pk],
                by=person.actor,
                now=person.now,
                expected={document.pk: whole(request.POST.get("version"))},
                with_descendants=request.POST.get("below") == "too",
            ),
        )
        if done:
            messages.success(request, _("Unpublished. The drafts are still here."))
        return go("change", document.pk)
    below = documents().filter(pk__in=tree.descendants(document.pk), live_revision__isnull=False)
    found = [row_of(each) for each in below.order_by("url_path")[: MAX_LISTED + 1]]
    context = {
        "title": _("Unpublish"),
        "document": document,
        "below": found[:MAX_LISTED],
        "has_more": len(found) > MAX_LISTED,
        "usage": _usage(document),
    }
    return page(request, "editor/unpublish.html", context)


@screen
def trash_screen(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Show where the document is used and what goes with it, and put it into the trash."""
    person = person_of(request)
    document = load(document_id, person, action="delete")
    if request.method == "POST":
        version = whole(request.POST.get("version"))
        done = attempt(
            request, lambda: trash(document_id=document.pk, base_version=version, by=person.actor, now=person.now)
        )
        if done:
            _offer_undo(request, document)
            return go("changelist")
        return go("change", document.pk)
    below = tree.descendants(document.pk)
    rows = documents().filter(pk__in=below, deleted_at__isnull=True).order_by("url_path")
    context = {
        "title": _("Move to the trash"),
        "document": document,
        "below": [row_of(each) for each in rows[:MAX_LISTED]],
        "count_below": len(below),
        "usage": _usage(document),
        "has_more": len(below) > MAX_LISTED,
    }
    return page(request, "editor/trash.html", context)


@require_POST
@screen
def untrash(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Take a document out of the trash."""
    person = person_of(request)
    document = load(document_id, person, action="delete")
    restored: list[Document] = []
    done = attempt(
        request, lambda: restored.extend(restore_from_trash(document_id=document.pk, by=person.actor, now=person.now))
    )
    if not done:
        return go("trash_list")
    text = ngettext("Restored as a draft.", "Restored %(count)d documents as drafts.", len(restored))
    messages.success(request, text % {"count": len(restored)})
    return go("change", document.pk)


def _offer_undo(request: HttpRequest, document: Document) -> None:
    """Leave a message whose extra tag is the address that undoes it; its template makes a button of that."""
    text = _("“%(title)s” is in the trash.") % {"title": document.title or _("(without a title)")}
    messages.success(request, text, extra_tags=url("untrash", document.pk))


def _usage(document: Document) -> list[dict[str, Document]]:
    """List the documents that point here, each once."""
    found = {each.from_document_id: each.from_document for each in usage(group_id=document.translation_group_id)}
    return [{"document": each} for each in found.values() if each.pk != document.pk][:MAX_LISTED]
