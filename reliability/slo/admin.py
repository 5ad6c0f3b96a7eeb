"""The page "Error budget" in the admin, for any staff: it changes nothing, and shows no content."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from reliability.slo import views
from reliability.slo.models import EventSum

if TYPE_CHECKING:
    Base = admin.ModelAdmin[EventSum]
else:
    Base = admin.ModelAdmin


@admin.register(EventSum)
class BudgetAdmin(Base):
    """Stands where the list of sums would, which tells people nothing."""

    def get_urls(self) -> list[URLPattern]:
        """Name the page as the list of any model is named, so that navigations find it."""
        return [path("", self.admin_site.admin_view(self.page), name="reliability_slo_eventsum_changelist")]

    def page(self, request: HttpRequest) -> HttpResponse:
        """Show the page."""
        return views.budgets(request, context=self.admin_site.each_context(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
