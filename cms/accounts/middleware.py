"""Who is signed in, and what language do they speak? Asked below /admin/ only.

Readers carry no session: for their requests the middleware of Django that serves signed-in people does nothing, so
that an answer to them costs less, varies with no cookie, and can be kept by every cache.
"""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware as DjangoAuthentication
from django.contrib.messages.middleware import MessageMiddleware as DjangoMessages
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessions
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware as DjangoCsrf
from django.utils import timezone, translation
from django.utils.deprecation import MiddlewareMixin

ADMIN_PREFIX = "/admin/"


class BelowAdmin(MiddlewareMixin):
    """Passes every request by that is not for the admin."""

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith(ADMIN_PREFIX):
            return super().__call__(request)
        return self.get_response(request)


class SessionMiddleware(BelowAdmin, DjangoSessions):
    """Sessions, for the admin."""


class CsrfMiddleware(BelowAdmin, DjangoCsrf):
    """Protection of forms, for the admin; nothing else takes one."""

    def process_view(
        self, request: HttpRequest, callback: Any, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        if request.path_info.startswith(ADMIN_PREFIX):
            return super().process_view(request, callback, callback_args, callback_kwargs)
        return None


class AuthenticationMiddleware(BelowAdmin, DjangoAuthentication):
    """The signed-in person, for the admin."""


class MessageMiddleware(BelowAdmin, DjangoMessages):
    """Messages from one page to the next, for the admin."""


class PersonalSettingsMiddleware:
    """Switches language and time zone for signed-in people; pages of readers are left alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADMIN_PREFIX):
            return self.get_response(request)
        language = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(language), timezone.override(_zone(getattr(request.user, "time_zone", "UTC"))):
            response = self.get_response(request)
            if hasattr(response, "render"):
                response.render()
            return response


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
