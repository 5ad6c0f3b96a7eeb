"""How the list of files is narrowed down."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cms.accounts import sites
from cms.media.admin.access import visible_sites
from cms.media.models import Asset

KINDS: dict[str, tuple[Any, Q]] = {
    "image": (_("Pictures"), Q(mime__startswith="image/")),
    "video": (_("Films"), Q(mime__startswith="video/")),
    "audio": (_("Sound"), Q(mime__startswith="audio/")),
    "document": (_("Documents"), Q(mime__startswith="application/") | Q(mime__startswith="text/")),
}


class KindFilter(admin.SimpleListFilter):
    """Pictures, films, sound or documents."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, name) for key, (name, _) in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Asset]) -> QuerySet[Asset]:
        found = KINDS.get(self.value() or "")
        return queryset.filter(found[1]) if found else queryset


class StateFilter(admin.SimpleListFilter):
    """Being processed, ready or failed."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Asset.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Asset]) -> QuerySet[Asset]:
        return queryset.filter(state=self.value()) if self.value() in Asset.State.values else queryset


class TextFilter(admin.SimpleListFilter):
    """Pictures that lack an alternative text in a locale."""

    title = _("alternative text")
    parameter_name = "without_text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        locales = sorted({(each.code, each.name) for site in visible_sites(request) for each in site.locales.values()})
        return [(code, _("missing in %(language)s") % {"language": name}) for code, name in locales]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Asset]) -> QuerySet[Asset]:
        code = self.value()
        if not code:
            return queryset
        speaking = [site.id for site in sites.current().sites if code in site.locales]
        pictures = queryset.filter(mime__startswith="image/", site_id__in=speaking)
        return pictures.exclude(alt__has_key=code)


class SiteFilter(admin.SimpleListFilter):
    """One of several sites."""

    title = _("site")
    parameter_name = "site"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        found = visible_sites(request)
        return [(site.key, site.name) for site in found] if len(found) > 1 else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Asset]) -> QuerySet[Asset]:
        return queryset.filter(site__key=self.value()) if self.value() else queryset
