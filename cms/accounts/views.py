"""Sign-in's other pages: locked out, forgotten password, a new password, one's own settings."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from celery import current_app
from django.contrib import admin, messages
from django.contrib.auth import update_session_auth_hash, views
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from kombu.exceptions import OperationalError

from cms.accounts.actions import change_profile, set_password
from cms.accounts.actor import Actor
from cms.accounts.errors import AccountRefused
from cms.accounts.forms.signin import ForgottenPasswordForm, ProfileForm
from cms.accounts.models import User
from cms.accounts.queries import locked_until
from cms.accounts.requests import attempted_email, client_address, request_actor
from reliability.limits.rate import Turn


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer 429 to somebody who failed to sign in too often, and say until when and what still works."""
    email, now = attempted_email(request, credentials), timezone.now()
    until = locked_until(email=email, address=client_address(request), now=now)
    seconds = max(1, round((until - now).total_seconds()))
    context = _page(request, _("Too many attempts"), until=until, minutes=-(-seconds // 60))
    answer = render(request, "accounts/locked_out.html", context, status=429)
    answer["Retry-After"] = str(seconds)
    return answer


def rate_limited(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Answer 429 to an address from which too many attempts come, whoever makes them."""
    request.user = AnonymousUser()  # Counted before anybody looks who is signed in: refusing costs no query.
    context = _page(request, _("Too many attempts"), seconds=turn.reset_seconds)
    answer = render(request, "accounts/slow_down.html", context, status=429)
    answer["Cache-Control"] = "no-store"
    return answer


class ForgottenPassword(FormView):  # type: ignore[type-arg]  # takes none at run time
    """Takes an address and answers the same to all; the letter is sent by a task that looks the address up."""

    form_class = ForgottenPasswordForm
    template_name = "registration/password_reset_form.html"
    success_url = reverse_lazy("password_reset_done")

    def form_valid(self, form: ForgottenPasswordForm) -> HttpResponse:
        try:
            current_app.tasks["cms.accounts.tasks.send_password_link"].delay(form.cleaned_data["email"])
        except OperationalError:
            form.add_error(None, _("E-mails cannot be sent at the moment. Try again in some minutes."))
            return self.form_invalid(form)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**_page(self.request, _("Forgotten your password?")), **kwargs)


class LinkSent(views.PasswordResetDoneView):
    """Says that a letter is under way, if the address is known."""

    template_name = "accounts/link_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**_page(self.request, _("Look into your mailbox")), **kwargs)


class NewPassword(views.PasswordResetConfirmView):
    """Sets a password by the link of a letter, and lets the person sign in at once, also after a lockout."""

    template_name = "accounts/new_password.html"
    success_url = reverse_lazy("password_reset_complete")
    title = gettext_lazy("Choose a password")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        assert isinstance(self.user, User)
        actor = Actor(id=self.user.pk, name=str(self.user), address=client_address(self.request))
        set_password(user=self.user, password=form.cleaned_data["new_password1"], by=actor, now=timezone.now())
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        AxesProxyHandler.reset_attempts(username=self.user.email)
        return HttpResponseRedirect(str(self.success_url))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**_page(self.request, ""), **super().get_context_data(**kwargs)}


class PasswordSet(views.PasswordResetCompleteView):
    """Leads to the sign-in page."""

    template_name = "accounts/password_set.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**_page(self.request, _("Your password is set")), **kwargs)


class OwnPassword(views.PasswordChangeView):
    """Changes the password of somebody who is signed in; this session goes on, others end."""

    template_name = "registration/password_change_form.html"
    success_url = reverse_lazy("profile")

    def form_valid(self, form: "SetPasswordForm[User]") -> HttpResponse:
        user = form.user
        actor = request_actor(self.request)
        set_password(user=user, password=form.cleaned_data["new_password1"], by=actor, now=timezone.now())
        update_session_auth_hash(self.request, user)
        messages.success(self.request, _("Your password is changed. Other sessions of yours have ended."))
        return HttpResponseRedirect(str(self.success_url))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), **_page(self.request, _("Change your password"))}


class Profile(FormView):  # type: ignore[type-arg]  # takes none at run time
    """A person's own name, language and time zone."""

    form_class = ProfileForm
    template_name = "accounts/profile.html"

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        assert isinstance(user, User)
        return {"name": user.name, "language": user.language, "time_zone": user.time_zone}

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        user = self.request.user
        assert isinstance(user, User)
        try:
            change_profile(user=user, **form.cleaned_data, by=request_actor(self.request), now=timezone.now())
        except AccountRefused as refused:
            form.add_error(refused.field or None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, _("Your settings are saved."))
        return HttpResponseRedirect(reverse("profile"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**_page(self.request, _("Your settings")), **kwargs)


def _page(request: HttpRequest, title: str, **more: Any) -> dict[str, Any]:
    """Give what the admin's base template needs; the menu is for those who are signed in."""
    context = admin.site.each_context(request)
    if not context["has_permission"]:
        context |= {"is_nav_sidebar_enabled": False, "available_apps": []}
    return {**context, "title": title, **more}
