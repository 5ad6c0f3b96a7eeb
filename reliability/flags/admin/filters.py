"""By what can the list of flags be narrowed?"""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reliability.flags.models import Flag, Kind

OWNERS_MAX = 100
KILLED = Q(kill__isnull=False)
RULES = ~Q(overrides=[]) | Q(definition__contains='"targeting"')


class KindFilter(admin.SimpleListFilter):
    """By what a flag is for."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Kind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Flag]) -> QuerySet[Flag]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class StateFilter(admin.SimpleListFilter):
    """By what a flag does; archived ones are shown only when they are asked for."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("killed", _("killed")), ("rules", _("with rules")), ("same", _("the same for everybody")),
            ("archived", _("archived")),
        ]  # fmt: skip

    def queryset(self, request: HttpRequest, queryset: QuerySet[Flag]) -> QuerySet[Flag]:
        if self.value() == "archived":
            return queryset.filter(archived_at__isnull=False)
        in_use = queryset.filter(archived_at__isnull=True)
        match self.value():
            case "killed":
                return in_use.filter(KILLED)
            case "rules":
                return in_use.filter(RULES).exclude(KILLED)
            case "same":
                return in_use.exclude(RULES).exclude(KILLED)
        return in_use


class OwnerFilter(admin.SimpleListFilter):
    """By who decides about a flag."""

    title = _("owner")
    parameter_name = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        owners = Flag.objects.exclude(owner="").order_by("owner").values_list("owner", flat=True).distinct()
        return [(each, each) for each in owners[:OWNERS_MAX]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Flag]) -> QuerySet[Flag]:
        return queryset.filter(owner=self.value()) if self.value() else queryset
