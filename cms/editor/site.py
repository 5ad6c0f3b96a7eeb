"""Django's admin with our dashboard and navigation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class DashboardPanel:
    """A part of the dashboard: what its template needs. `is_urgent` ones come first."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    is_urgent: bool = False


PanelSource = Callable[[HttpRequest], DashboardPanel | None]


class EditorSite(admin.AdminSite):
    """The admin; its first page shows the panels that the setting DASHBOARD_PANELS names."""

    site_header = _("Upgrade CMS")
    site_title = _("Upgrade CMS")
    index_title = _("Dashboard")
    index_template = "editor/dashboard.html"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show the dashboard."""
        sources: list[PanelSource] = [import_string(each) for each in settings.DASHBOARD_PANELS]
        panels = [panel for panel in (source(request) for source in sources) if panel is not None]
        panels.sort(key=lambda each: not each.is_urgent)
        return super().index(request, {**(extra_context or {}), "panels": panels})
