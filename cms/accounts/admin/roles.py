"""Roles: named sets of actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cms.accounts.actions import delete_role, save_role
from cms.accounts.admin.saving import ActionAdmin
from cms.accounts.explanations import ACTIONS
from cms.accounts.forms.rights import RoleForm
from cms.accounts.models import Role
from cms.accounts.requests import request_actor


@admin.register(Role)
class RoleAdmin(ActionAdmin):
    """A change of a role reaches everybody who has it, at their next request."""

    form = RoleForm
    list_display = ["title", "key", "may"]
    search_fields = ["name", "key"]

    @admin.display(description=_("name"), ordering="name")
    def title(self, role: Role) -> str:
        return str(role)

    @admin.display(description=pgettext_lazy("column", "May"))
    def may(self, role: Role) -> str:
        return ", ".join(str(ACTIONS[action][0]) for action in role.actions if action in ACTIONS) or "–"

    def save_model(self, request: HttpRequest, obj: Role, form: Any, change: bool) -> None:
        save_role(role=obj, actions=form.cleaned_data["actions"], by=request_actor(request), now=timezone.now())

    def delete_model(self, request: HttpRequest, obj: Role) -> None:
        delete_role(role=obj, by=request_actor(request), now=timezone.now())
