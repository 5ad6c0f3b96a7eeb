"""The admin speaks a person's language and shows times in their zone."""

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

ADMIN_PREFIX = "/admin/"


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
