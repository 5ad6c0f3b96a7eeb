"""Whose request is this? Told after a commit, so it must not ask the database anything."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import empty

from reliability.routing.losses import About
from reliability.telemetry.current import request_id

REQUEST_ID_HEADER = "X-Request-ID"


def about(request: HttpRequest, *, route: str) -> About:
    """Describe a request by what is known of it now."""
    return About(
        request_id=request_id() or request.headers.get(REQUEST_ID_HEADER, ""),
        user=_name_of(getattr(request, "user", None)),
        route=route,
        path=request.get_full_path(),
    )


def _name_of(user: Any) -> str:
    """Give the name with which somebody signed in.

    Django reads the user at first use: one that nobody has used yet stays unread, for reading takes a query.
    """
    if user is None or getattr(user, "_wrapped", None) is empty or not user.is_authenticated:
        return ""
    return str(user.get_username())
