"""People: who they are, what they may do, invite and switch off."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cms.accounts.actions import Limits, change_person, deactivate, invite, reactivate, resend_invitation
from cms.accounts.admin.grants import GrantInline, save_grants
from cms.accounts.admin.saving import REFUSALS, ActionAdmin
from cms.accounts.forms.fields import page_choices
from cms.accounts.forms.rights import InviteForm, PersonForm
from cms.accounts.models import User
from cms.accounts.requests import request_actor


@admin.register(User)
class PersonAdmin(ActionAdmin):
    """People are invited, changed and switched off; never deleted, so that the record keeps its names."""

    list_display = ["email", "name", "roles", "last_login", "is_active"]
    list_filter = ["is_active", "grants__role", "groups"]
    search_fields = ["email", "name"]
    change_list_template = "admin/cms_accounts/people_list.html"
    add_form_template = "admin/cms_accounts/grant_form.html"
    change_form_template = "admin/cms_accounts/person_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return User.objects.prefetch_related("grants__role", "groups__grants__role")

    @admin.display(description=gettext_lazy("Roles"))
    def roles(self, user: User) -> str:
        own = {str(grant.role) for grant in user.grants.all()}
        shared = {str(grant.role) for group in user.groups.all() for grant in group.grants.all()}
        everything = {_("Everything")} if user.is_superuser else set()
        return ", ".join(sorted(own | shared | everything)) or "–"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs["form"] = PersonForm if obj else InviteForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj:
            return ["email", "name", "is_active", "is_staff", "groups"]
        return ["email", "name", "language", "role", "site", "tree_root", "expires_at"]

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return [GrantInline] if obj else []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        context = {"page_choices": page_choices(), **(extra_context or {})}
        if object_id is None:
            context["title"] = _("Invite a person")
        return super().changeform_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by, now, data = request_actor(request), timezone.now(), form.cleaned_data
        if not change:
            limits = Limits(data["site"], data["tree_root"], expires_at=data["expires_at"])
            invited = invite(
                email=data["email"],
                name=data["name"],
                role=data["role"],
                limits=limits,
                language=data["language"],
                by=by,
                now=now,
            )
            obj.__dict__.update(invited.__dict__)
            return
        if set(form.changed_data) - {"is_active"}:
            change_person(
                user=obj,
                email=data["email"],
                name=data["name"],
                is_staff=data["is_staff"],
                groups=data["groups"],
                by=by,
                now=now,
            )
        if "is_active" in form.changed_data:
            (reactivate if data["is_active"] else deactivate)(user=obj, by=by, now=now)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            save_grants(request, formset, form.instance)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(request, _("%(email)s is invited; a letter is under way.") % {"email": obj.email})
        return HttpResponseRedirect(reverse("admin:cms_accounts_user_changelist"))

    def get_urls(self) -> list[URLPattern]:
        again = path("<path:object_id>/invite/", self.admin_site.admin_view(self.invite_again), name="person_invite")
        return [again, *super().get_urls()]

    def invite_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Send the invitation again."""
        person = self.get_object(request, object_id)
        if request.method == "POST" and person is not None:
            try:
                resend_invitation(user=person, by=request_actor(request), now=timezone.now())
                messages.success(request, _("The invitation is sent again."))
            except REFUSALS as refusal:
                messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:cms_accounts_user_changelist"))
