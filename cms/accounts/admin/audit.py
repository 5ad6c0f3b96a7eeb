"""The record of what was done: read, filter, export; never changed."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.admin.saving import ActionAdmin
from cms.accounts.explanations import DEEDS, kind_of, sentence
from cms.accounts.export import csv_lines, json_lines
from cms.accounts.models import AuditEntry, User

FORMATS = {"csv": ("text/csv; charset=utf-8", csv_lines), "jsonl": ("application/jsonl", json_lines)}
PEOPLE_MAX = 200
"""People in the filter; the search finds the others by name."""
CHUNK = 1_000


class ActionFilter(admin.SimpleListFilter):
    """By what was done; from the known actions, since looking through the log for them would take long."""

    title = _("action")
    parameter_name = "action"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(key, sentence(key, who="…", what="…")) for key in DEEDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(action=self.value()) if self.value() else queryset


class PersonFilter(admin.SimpleListFilter):
    """By who did it."""

    title = _("person")
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = User.objects.order_by("-is_active", "name", "email")[:PEOPLE_MAX]
        return [(str(person.pk), str(person)) for person in people]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        try:
            return queryset.filter(actor_id=UUID(self.value())) if self.value() else queryset
        except ValueError:
            return queryset.none()


@admin.register(AuditEntry)
class AuditAdmin(ActionAdmin):
    """Who did what, in words, newest first."""

    list_display = ["at", "deed", "kind", "change", "address"]
    list_display_links = ["at"]
    list_filter = [ActionFilter, PersonFilter, "at"]
    search_fields = ["object_name", "=object_id", "actor_name"]
    search_help_text = _("Title or id of what was changed, or the name of a person")
    show_full_result_count = False
    list_per_page = 50
    change_list_template = "admin/cms_accounts/audit_list.html"

    @admin.display(description=_("What happened"))
    def deed(self, entry: AuditEntry) -> str:
        what = str(_("“%(name)s”")) % {"name": entry.object_name} if entry.object_name else entry.object_id
        return sentence(entry.action, who=entry.actor_name, what=what)

    @admin.display(description=_("kind"), ordering="object_type")
    def kind(self, entry: AuditEntry) -> str:
        return kind_of(entry.object_type)

    @admin.display(description=pgettext_lazy("column", "Change"))
    def change(self, entry: AuditEntry) -> str:
        before, after = entry.before or {}, entry.after or {}
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        return "; ".join(_difference(key, before, after) for key in keys)[:300]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        export = path("export.<str:kind>", self.admin_site.admin_view(self.export), name="audit_export")
        return [export, *super().get_urls()]

    def export(self, request: HttpRequest, kind: str) -> StreamingHttpResponse:
        """Send the entries that the list shows with the same filters, all pages of it."""
        if kind not in FORMATS or not self.has_view_permission(request):
            raise Http404
        content_type, lines = FORMATS[kind]
        entries = self.get_changelist_instance(request).get_queryset(request).iterator(chunk_size=CHUNK)
        answer = StreamingHttpResponse(lines(entries), content_type=content_type)
        answer["Content-Disposition"] = f'attachment; filename="audit.{kind}"'
        return answer


def _difference(key: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    if key not in before:
        return f"{key}: {after[key]}"
    return f"{key}: {before[key]} → {after.get(key)}"
