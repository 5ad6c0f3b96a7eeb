"""Who asks, in a request? Binds a context whose parts are worked out only when a rule reads them."""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

from reliability.flags.configuration import constants, option
from reliability.flags.context import SCOPE, Context, Provider, Scope

COOKIE = "visitor"
COOKIE_SECONDS = 365 * 24 * 3600
signer = Signer(salt="reliability.flags.visitor")


class Asker:
    """Whoever sent a request."""

    __slots__ = ("newcomer", "request")

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.newcomer = ""
        """Key of somebody new who must be remembered."""


class FlagsMiddleware:
    """Binds the context of a request. A cookie is set only when a share of people was really asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        # Made once, for a context is made for each request, and few are asked anything.
        self._constants, self._providers = constants(), providers()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asker = Asker(request)
        token = SCOPE.set(Scope(Context(self._constants, self._providers, asker)))
        try:
            response = self.get_response(request)
        finally:
            SCOPE.reset(token)
        if asker.newcomer:
            _remember(request, response, asker.newcomer)
        return response


def providers() -> Mapping[str, Provider]:
    """Give what tells the attributes of an asker, by their names."""
    return {
        "path": lambda asker: asker.request.path,
        "targetingKey": _targeting_key,
        "user_id": lambda asker: _user_id(asker.request),
        "groups": lambda asker: _groups(asker.request),
        "is_staff": lambda asker: bool(getattr(_user(asker.request), "is_staff", False)),
        "locale": lambda asker: translation.get_language(),
        **{name: _of_request(import_string(path)) for name, path in option("CONTEXT_PROVIDERS").items()},
    }


def _of_request(provider: Callable[[HttpRequest], Any]) -> Provider:
    return lambda asker: provider(asker.request)


def _user(request: HttpRequest) -> Any:
    return getattr(request, "user", None)


def _user_id(request: HttpRequest) -> str | None:
    user = _user(request)
    return str(user.pk) if user is not None and user.is_authenticated else None


def _groups(request: HttpRequest) -> list[str]:
    user = _user(request)
    return sorted(user.groups.values_list("name", flat=True)) if user is not None and user.is_authenticated else []


def _targeting_key(asker: Asker) -> str:
    """Give the key by which somebody is told apart: the person, or a visitor's own cookie."""
    person = _user_id(asker.request)
    if person is not None:
        return person
    if not asker.newcomer:
        try:
            return str(signer.unsign(asker.request.COOKIES.get(COOKIE, "")))
        except BadSignature:
            asker.newcomer = secrets.token_urlsafe(12)
    return asker.newcomer


def _remember(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """Keep a visitor on the same side; such an answer is for that visitor alone."""
    response.set_cookie(
        COOKIE, signer.sign(key), max_age=COOKIE_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    response["Cache-Control"] = "private, no-cache"
