"""What does a reader see when there is no page? Words in a plain frame, without a database.

Programs that ask below /api/ get the same as application/problem+json.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from cms.accounts.sites import LocaleEntry, SiteEntry
from cms.delivery import problems
from cms.site.pages import frame
from reliability.telemetry.current import request_id

API_PREFIX = "/api/"
NOT_FOUND_SECONDS = 10
"""How long a shared cache may keep a 404: a page published meanwhile should not be missed for long."""
KINDS: dict[str, tuple[int, str]] = {
    "bad": (400, "invalid-parameter"),
    "forbidden": (403, "not-found"),
    "not_found": (404, "not-found"),
    "method": (405, "method-not-allowed"),
    "gone": (410, "not-found"),
    "expired": (410, "not-found"),
    "broken": (500, "internal-error"),
    "no_site": (404, "not-found"),
}
"""Status by name of an error page, and the kind of problem that programs get."""


def error_page(name: str, *, site: SiteEntry | None = None, locale: LocaleEntry | None = None) -> HttpResponse:
    """Answer with an error page; `name` is one of KINDS."""
    shared = frame(site, locale or (site.default_locale if site else None))
    words = shared["words"]
    text = {"heading": words[name], "explanation": words[f"{name}_help"]}
    if name != "not_found":  # Caches keep that one, and give it to others.
        text["request_id"] = request_id()
    status = KINDS[name][0]
    body = render_to_string("site/error.html", {**shared, **text, "status": status})
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    if name == "not_found":
        response["Cache-Control"] = f"public, max-age=0, s-maxage={NOT_FOUND_SECONDS}"
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for an address that no route knows."""
    return _answer("not_found", request, f"There is nothing at {request.path}.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that Django refused, such as one for an unknown host."""
    return _answer("bad", request, "The request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception | None = None, **reason: Any) -> HttpResponse:
    """Answer somebody who lacks a right."""
    return error_page("forbidden")


def broken(request: HttpRequest) -> HttpResponse:
    """Answer after a fault in our code."""
    return _answer("broken", request, "The fault has been logged.")


def _answer(name: str, request: HttpRequest, detail: str) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problems.answer(problems.Problem(KINDS[name][1], detail), request)
    return error_page(name)
