"""Who asks, in a request? Binds a context whose parts are worked out only when a rule reads them."""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.module_loading import import_string

from reliability.flags.configuration import constants, option
from reliability.flags.context import SCOPE, Context, Scope

COOKIE = "visitor"
COOKIE_SECONDS = 365 * 24 * 3600
signer = Signer(salt="reliability.flags.visitor")


class FlagsMiddleware:
    """Binds the context of a request. A cookie is set only when a share of people was really asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        visitor: list[str] = []
        scope = Scope(request_context(request, visitor))
        token = SCOPE.set(scope)
        try:
            response = self.get_response(request)
        finally:
            SCOPE.reset(token)
        if visitor:
            _remember(request, response, visitor[0])
        return response


def request_context(request: HttpRequest, visitor: list[str]) -> Context:
    """Describe whoever sent a request; `visitor` gets the key of somebody new who must be remembered."""
    providers: dict[str, Callable[[], Any]] = {
        name: partial(import_string(path), request) for name, path in option("CONTEXT_PROVIDERS").items()
    }
    return Context(
        {"path": request.path, **constants()},
        targetingKey=lambda: _targeting_key(request, visitor),
        user_id=lambda: _user_id(request),
        groups=lambda: _groups(request),
        is_staff=lambda: bool(getattr(_user(request), "is_staff", False)),
        locale=translation.get_language,
        **providers,
    )


def _user(request: HttpRequest) -> Any:
    return getattr(request, "user", None)


def _user_id(request: HttpRequest) -> str | None:
    user = _user(request)
    return str(user.pk) if user is not None and user.is_authenticated else None


def _groups(request: HttpRequest) -> list[str]:
    user = _user(request)
    return sorted(user.groups.values_list("name", flat=True)) if user is not None and user.is_authenticated else []


def _targeting_key(request: HttpRequest, visitor: list[str]) -> str:
    """Give the key by which somebody is told apart: the person, or a visitor's own cookie."""
    person = _user_id(request)
    if person is not None:
        return person
    if not visitor:
        try:
            return str(signer.unsign(request.COOKIES.get(COOKIE, "")))
        except BadSignature:
            visitor.append(secrets.token_urlsafe(12))
    return visitor[0]


def _remember(request: HttpRequest, response: HttpResponse, key: str) -> None:
    """Keep a visitor on the same side; such an answer is for that visitor alone."""
    response.set_cookie(
        COOKIE, signer.sign(key), max_age=COOKIE_SECONDS, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    response["Cache-Control"] = "private, no-cache"
