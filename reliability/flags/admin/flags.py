"""The list of flags, and at which addresses the other screens are."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reliability.flags import queries
from reliability.flags.admin import access, asking, audit, editing, killing, listing, uses
from reliability.flags.admin.filters import KindFilter, OwnerFilter, StateFilter
from reliability.flags.configuration import colours
from reliability.flags.models import Flag

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Flag]
else:
    Base = admin.ModelAdmin


@admin.register(Flag)
class FlagAdmin(Base):
    """Django's list finds and pages; the other screens are ours, since they call actions."""

    change_list_template = "flags/list.html"
    list_filter = [KindFilter, StateFilter, OwnerFilter]
    search_fields = ["key", "description", "owner"]
    list_per_page = 50
    ordering = ["key"]
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Flag]:
        return queries.with_last_change(super().get_queryset(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may(request, "view")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        answer = super().changelist_view(request, {**(extra_context or {}), "title": _("Feature flags")})
        context: dict[str, Any] | None = getattr(answer, "context_data", None)
        if context is not None and "cl" in context:
            context["lines"] = listing.lines(context["cl"].result_list, now=timezone.now())
            context["colours"] = colours()
            context.update({f"may_{verb}": access.may(request, verb) for verb in access.VERBS})
        return answer

    def get_urls(self) -> list[URLPattern]:
        """Name every screen `reliability_flags_flag_<name>`."""
        screens: list[tuple[str, Any, str]] = [
            ("", self.changelist_view, "changelist"),
            ("add/", editing.add, "add"),
            ("changes/", audit.changes, "changes"),
            ("uses/", uses.uses, "uses"),
            ("changes/<int:change_id>/revert/", audit.revert, "revert"),
            ("<str:key>/change/", editing.change, "change"),
            ("<str:key>/ask/", asking.ask, "ask"),
            ("<str:key>/kill/", killing.kill, "kill"),
            ("<str:key>/history/", audit.history, "history"),
            ("<str:key>/<str:verb>/", audit.turn, "turn"),
        ]
        return [
            path(route, self.admin_site.admin_view(view), name=f"reliability_flags_flag_{name}")
            for route, view, name in screens
        ]
