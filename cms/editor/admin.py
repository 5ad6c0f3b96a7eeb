"""The screens of documents, in Django's admin."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.urls import URLPattern, path

from cms.content.models import Document
from cms.editor.views import add, documents, edit, history, place, resolve, schedule, translation, withdrawal

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Document]
else:
    Base = admin.ModelAdmin


@admin.register(Document)
class DocumentAdmin(Base):
    """Documents have screens of their own; this says at which addresses they are."""

    def get_urls(self) -> list[URLPattern]:
        """Name every screen `cms_content_document_<name>`."""
        screens: list[tuple[str, Any, str]] = [
            ("", documents.document_list, "changelist"),
            ("tree/", documents.document_tree, "tree"),
            ("trash/", documents.trash_list, "trash_list"),
            ("add/", add.add, "add"),
            ("<uuid:document_id>/change/", edit.change, "change"),
            ("<uuid:document_id>/resolve/", resolve.resolve, "resolve"),
            ("<uuid:document_id>/schedule/", schedule.schedule_screen, "schedule"),
            ("<uuid:document_id>/move/", place.move_screen, "move"),
            ("<uuid:document_id>/unpublish/", withdrawal.unpublish_screen, "unpublish"),
            ("<uuid:document_id>/trash/", withdrawal.trash_screen, "trash"),
            ("<uuid:document_id>/untrash/", withdrawal.untrash, "untrash"),
            ("<uuid:document_id>/translate/", translation.translate_screen, "translate"),
            ("<uuid:document_id>/history/", history.history, "history"),
            ("<uuid:document_id>/compare/", history.compare_revisions, "compare"),
            ("<uuid:document_id>/restore/", history.restore, "restore"),
        ]
        return [path(route, view, name=f"cms_content_document_{name}") for route, view, name in screens]
