"""What is somebody told whose write could not be made, or may not have been? Made without a database.

Programs get application/problem+json (RFC 9457); people a page that keeps everything they posted.
"""

import json
import random
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.log import log_response
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from reliability.routing.current import options
from reliability.telemetry.current import request_id

STATUS = 503
RETRY_SECONDS = (3, 8)
"""Range of `Retry-After`: spread, so that those who were refused together do not come back together."""
SECRETS = ("password", "passphrase")
"""A field whose name contains one of these is not sent back: it has to be entered again."""
CSRF_FIELD = "csrfmiddlewaretoken"


class Problem(StrEnum):
    """What went wrong; the value is the last part of the problem's address, `/problems/<value>`."""

    READ_ONLY = "read-only"
    COMMIT_UNKNOWN = "commit-unknown"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Text:
    """The same for programs (English) and people (their language)."""

    title: str
    detail: str
    heading: Any
    explanation: Any


TEXTS = {
    Problem.READ_ONLY: Text(
        "Nothing can be written at the moment",
        "Nothing was changed. The database that takes writes is not available; reading works. Try again later.",
        _("Not saved yet: nothing can be saved at the moment"),
        _("Nothing was changed, and nothing is lost: what you entered is kept on this page. Reading works meanwhile."),
    ),
    Problem.COMMIT_UNKNOWN: Text(
        "Whether this was written cannot be told",
        "The connection was lost while the change was being committed. Read before you repeat it; repeating is safe "
        "with If-Match or Idempotency-Key.",
        _("We cannot tell whether this was saved"),
        _("The connection to the database was lost at the very end. Look first; what you entered is kept here."),
    ),
    Problem.UNAVAILABLE: Text(
        "No database answers at the moment",
        "No database can be read at the moment. Try again later.",
        _("This page cannot be shown at the moment"),
        _("No database can be read at the moment. Please try again in a few seconds."),
    ),
}


def answer(request: HttpRequest, problem: Problem, *, because: str = "refused") -> HttpResponse:
    """Answer with a problem: 503, as JSON or as a page; nobody keeps it in a cache. `because` goes to the log."""
    response = _page(request, problem) if wants_html(request) else _json(request, problem)
    response["Cache-Control"] = "no-store"
    # A refusal is what should happen then: no error that asks for somebody to mend the code.
    log_response(
        "%s: %s (%s)", request.path, problem.value, because, response=response, request=request, level="warning"
    )
    if problem is not Problem.COMMIT_UNKNOWN:  # Repeating that blindly might do it twice.
        response["Retry-After"] = str(random.randint(*RETRY_SECONDS))
    return response


def wants_html(request: HttpRequest) -> bool:
    """Tell whether a browser asks for a page: programs do not ask for HTML by name."""
    return "text/html" in request.headers.get("Accept", "")


def kept_values(request: HttpRequest) -> list[tuple[str, str]]:
    """List every value that was posted, in order, but for secrets."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name != CSRF_FIELD and not _is_secret(name)
        for value in values
    ]


def _json(request: HttpRequest, problem: Problem) -> HttpResponse:
    text = TEXTS[problem]
    body: dict[str, Any] = {
        "type": f"/problems/{problem}",
        "title": text.title,
        "status": STATUS,
        "detail": text.detail,
        "instance": request.get_full_path(),
    }
    if request_id():
        body["request_id"] = request_id()
    return HttpResponse(json.dumps(body), status=STATUS, content_type="application/problem+json")


def _page(request: HttpRequest, problem: Problem) -> HttpResponse:
    if options().degraded_page and request.method == "POST":
        page: HttpResponse | None = import_string(options().degraded_page)(request, problem)
        if page is not None:
            page.status_code = STATUS
            return page
    return HttpResponse(render_to_string("routing/problem.html", _context(request, problem)), status=STATUS)


def _context(request: HttpRequest, problem: Problem) -> dict[str, Any]:
    is_form = request.method == "POST"
    return {
        "heading": TEXTS[problem].heading,
        "explanation": TEXTS[problem].explanation,
        "is_form": is_form,
        "is_unknown": problem is Problem.COMMIT_UNKNOWN,
        "path": request.get_full_path(),
        "request_id": request_id(),
        "values": kept_values(request) if is_form else [],
        "files": [file.name for files in request.FILES.lists() for file in files[1]] if is_form else [],
        "has_secret": is_form and any(map(_is_secret, request.POST)),
        # Only pages behind the check of forms get a token: on others it would be no protection anyway.
        "csrf_token": get_token(request) if is_form and CSRF_FIELD in request.POST else "",
        "is_multipart": request.content_type == "multipart/form-data",
    }


def _is_secret(name: str) -> bool:
    return any(secret in name.lower() for secret in SECRETS)
