"""The list of files, and which screens belong to it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.media.admin import change, delete, upload
from cms.media.admin.access import visible_sites
from cms.media.admin.filters import KindFilter, SiteFilter, StateFilter, TextFilter
from cms.media.models import Asset


@admin.register(Asset)
class AssetAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """Django's list finds and pages; the other screens are ours, since they call actions."""

    change_list_template = "media/list.html"
    list_filter = [KindFilter, StateFilter, TextFilter, SiteFilter]
    list_select_related = ["uploaded_by"]
    search_fields = ["title", "file_name", "=hash"]
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-uploaded_at", "-id"]
    actions = None

    class Media:
        css = {"all": ["media/assets.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Asset]:
        return super().get_queryset(request).filter(site_id__in=[site.id for site in visible_sites(request)])

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Media")})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return upload.show(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asset = self.get_object(request, unquote(object_id))
        return change.show(self, request, asset) if asset else self._missing(request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asset = self.get_object(request, unquote(object_id))
        return delete.show(self, request, asset) if asset else self._missing(request)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the entries of the audit log, which is the only record that is kept."""
        address = reverse("admin:cms_accounts_auditentry_changelist")
        return HttpResponseRedirect(f"{address}?{urlencode({'object_id': unquote(object_id)})}")

    def _missing(self, request: HttpRequest) -> HttpResponse:
        messages.error(request, _("This file does not exist, or you may not see it."))
        return HttpResponseRedirect(reverse("admin:cms_media_asset_changelist"))
