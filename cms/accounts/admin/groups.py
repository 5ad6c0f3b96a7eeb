"""Groups: people who share roles."""

from typing import Any

import django.contrib.auth.admin  # noqa: F401  (registers its own screen of groups, which ours replaces)
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.accounts.actions import delete_group, save_group
from cms.accounts.admin.grants import GrantInline, save_grants
from cms.accounts.admin.saving import ActionAdmin
from cms.accounts.forms.fields import page_choices
from cms.accounts.forms.rights import GroupForm
from cms.accounts.requests import request_actor

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(ActionAdmin):
    """Name and roles; Django's own permissions of a group mean nothing here."""

    form = GroupForm
    inlines = [GrantInline]
    list_display = ["name", "roles"]
    search_fields = ["name"]
    change_form_template = "admin/cms_accounts/grant_form.html"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("grants__role")

    @admin.display(description=_("Roles"))
    def roles(self, group: Group) -> str:
        return ", ".join(sorted(str(grant.role) for grant in group.grants.all())) or "–"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = {"page_choices": page_choices(), **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Group, form: Any, change: bool) -> None:
        save_group(group=obj, by=request_actor(request), now=timezone.now())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            save_grants(request, formset, form.instance)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        delete_group(group=obj, by=request_actor(request), now=timezone.now())
