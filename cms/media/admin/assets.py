"""The list of files, and which screens belong to it."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cms.media.admin import change, delete, upload
from cms.media.admin.access import visible_sites
from cms.media.admin.filters import KindFilter, SiteFilter, TextFilter
from cms.media.models import Asset
from cms.media.thumbnails import thumbnail_url


@admin.register(Asset)
class AssetAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # takes none at run time
    """A list of Django's own; the other screens are ours, since they call actions."""

    list_display = ["thumbnail", "name", "kind", "size", "state", "uploaded_at"]
    list_display_links = ["name"]
    list_filter = [KindFilter, "state", TextFilter, SiteFilter]
    search_fields = ["title", "file_name", "=hash"]
    search_help_text = _("Words of the title or the file name")
    list_per_page = 50
    show_full_result_count = False
    ordering = ["-uploaded_at", "-id"]
    actions = None
    delete_confirmation_template = "media/delete.html"

    class Media:
        css = {"all": ["media/assets.css"]}

    @admin.display(description=_("Picture"))
    def thumbnail(self, asset: Asset) -> SafeString:
        address = thumbnail_url(asset)
        if address:
            return format_html('<img class="thumb" src="{}" alt="" loading="lazy" width="96" height="64">', address)
        return format_html('<span class="thumb thumb--none">{}</span>', asset.file_name.rpartition(".")[2].upper()[:5])

    @admin.display(description=_("Title"), ordering="title")
    def name(self, asset: Asset) -> SafeString:
        if not asset.title:
            return format_html("{}", asset.file_name)
        return format_html("{}<small>{}</small>", asset.title, asset.file_name)

    @admin.display(description=_("Kind"), ordering="mime")
    def kind(self, asset: Asset) -> str:
        sides = f", {asset.width} × {asset.height}" if asset.width and asset.height else ""
        return f"{asset.kind_name}{sides}"

    @admin.display(description=_("Size"), ordering="size_bytes")
    def size(self, asset: Asset) -> str:
        return filesizeformat(asset.size_bytes)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Asset]:
        return super().get_queryset(request).filter(site_id__in=[site.id for site in visible_sites(request)])

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
