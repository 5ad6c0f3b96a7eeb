"""Move a page to another place."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from cms.content import types
from cms.content.models import Document
from cms.editor.branches import above
from cms.editor.forms.document import whole
from cms.editor.forms.drawing import is_uuid
from cms.editor.queries import pick_documents
from cms.editor.views.access import attempt, go, load, page, person_of, screen
from cms.publishing.actions import move

MAX_SIBLINGS = 500


@screen
def move_screen(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Choose the page to put it under, by search, and the sibling to put it in front of; then move it."""
    person = person_of(request)
    document = load(document_id, person, action="move")
    parent_id = request.POST.get("parent") or request.GET.get("parent") or ""
    if request.method == "POST" and is_uuid(parent_id):
        before = request.POST.get("before", "")
        done = attempt(
            request,
            lambda: move(
                document_id=document.pk,
                base_version=whole(request.POST.get("version")),
                parent_id=UUID(parent_id),
                before_id=UUID(before) if is_uuid(before) else None,
                by=person.actor,
                now=person.now,
            ),
        )
        if done:
            messages.success(request, _("Moved. Former addresses lead to the new one."))
            return go("change", document.pk)
    parent = load(UUID(parent_id), person) if is_uuid(parent_id) else document.parent
    query = request.GET.get("q", "").strip()
    definition = types.current().by_id(document.type_id)
    to = definition.parents or [each.key for each in types.current().of_documents() if each.usage == "page"]
    found, has_more = pick_documents(
        person.actor, site_id=document.site_id, locale_id=document.locale_id, to=to, query=query, now=person.now
    )
    context = {
        "title": _("Move"),
        "document": document,
        "parent": parent,
        "above": above(parent) if parent else [],
        "siblings": _siblings(parent, document) if parent else [],
        "query": query,
        "found": [each for each in found if each.document_id != document.pk],
        "has_more": has_more,
    }
    return page(request, "editor/move.html", context)


def _siblings(parent: Document, document: Document) -> list[Document]:
    rows = Document.objects.in_use().filter(parent=parent).exclude(pk=document.pk)
    return list(rows.only("title", "slug").order_by("order_key", "id")[:MAX_SIBLINGS])
