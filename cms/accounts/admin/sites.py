"""Sites with their locales, and the locales there are."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.accounts.actions import save_locale, save_site
from cms.accounts.admin.saving import ActionAdmin, without_popups
from cms.accounts.forms.sites import LocaleForm, SiteForm, SiteLocaleForm
from cms.accounts.models import Locale, Site, SiteLocale
from cms.accounts.requests import request_actor


class SiteLocaleInline(admin.TabularInline):  # type: ignore[type-arg]  # takes none at run time
    """The locales of a site and their prefixes."""

    model = SiteLocale
    form = SiteLocaleForm
    extra = 1
    verbose_name = _("locale")
    verbose_name_plural = _("locales")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return without_popups(super().formfield_for_dbfield(db_field, request, **kwargs))


@admin.register(Site)
class SiteAdmin(ActionAdmin):
    """A site and its locales are saved together; sites are not deleted here, since documents stand on them."""

    form = SiteForm
    inlines = [SiteLocaleInline]
    list_display = ["name", "key", "host_names", "default_locale", "is_default"]

    @admin.display(description=_("Hosts"))
    def host_names(self, site: Site) -> str:
        return ", ".join(site.hosts) or "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Site | None = None) -> Any:
        return ["key"] if obj else []

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        """Wait for the locales, which belong to the same action."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        rows = [row.cleaned_data for formset in formsets for row in formset.forms if row.cleaned_data]
        locales = {row["locale"]: row["prefix"] for row in rows if not row.get("DELETE")}
        save_site(site=form.instance, locales=locales, by=request_actor(request), now=timezone.now())


@admin.register(Locale)
class LocaleAdmin(ActionAdmin):
    """The languages that content is written in."""

    form = LocaleForm
    list_display = ["name", "code", "falls_back_to", "direction"]

    @admin.display(description=_("Falls back to"))
    def falls_back_to(self, locale: Locale) -> str:
        return ", ".join(locale.fallback) or "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Locale | None = None) -> Any:
        return ["code"] if obj else []

    def save_model(self, request: HttpRequest, obj: Locale, form: Any, change: bool) -> None:
        save_locale(locale=obj, by=request_actor(request), now=timezone.now())
