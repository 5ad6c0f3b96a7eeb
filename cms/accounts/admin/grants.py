"""Grants, inside the form of the person or group that has them."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.accounts.actions import Limits, change_grant, grant_role, revoke_grant
from cms.accounts.admin.saving import without_popups
from cms.accounts.forms.rights import GrantForm
from cms.accounts.models import Grant, User
from cms.accounts.requests import request_actor


class GrantInline(admin.TabularInline):  # type: ignore[type-arg]  # takes none at run time
    """The roles of a person or a group."""

    model = Grant
    form = GrantForm
    extra = 1
    verbose_name = _("role")
    verbose_name_plural = _("roles")
    readonly_fields = ["further_limits"]

    @admin.display(description=_("Only"))
    def further_limits(self, grant: Grant) -> str:
        return ", ".join(str(limit) for limit in (grant.type_key, grant.locale) if limit) or "–"

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = without_popups(super().formfield_for_dbfield(db_field, request, **kwargs))
        if db_field.name == "site":
            field.empty_label = _("All sites")
        return field


def save_grants(request: HttpRequest, formset: Any, holder: User | Group) -> None:
    """Do what the rows of the form say: give, change and take back."""
    by, now = request_actor(request), timezone.now()
    formset.save(commit=False)
    for grant in formset.deleted_objects:
        revoke_grant(grant=grant, by=by, now=now)
    for grant, _changed in formset.changed_objects:
        change_grant(grant=grant, role=grant.role, limits=_limits(grant), by=by, now=now)
    for grant in formset.new_objects:
        grant_role(role=grant.role, to=holder, limits=_limits(grant), by=by, now=now)


def _limits(grant: Grant) -> Limits:
    return Limits(grant.site, grant.tree_root, grant.type_key, grant.locale, grant.expires_at)
