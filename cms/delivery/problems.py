"""What went wrong, in words and in a form that programs understand (RFC 9457, application/problem+json)."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from reliability.limits.rate import Turn
from reliability.telemetry.current import request_id

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem; its page is at /problems/<name>."""

    name: str
    status: int
    title: str
    explanation: str


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("invalid-parameter", 400, "A parameter is not understood", "Correct the parameter named in `errors`."),
        Kind("unknown-field", 400, "A field does not exist", "`/api/v1/types/` lists the fields of every type."),
        Kind(
            "filter-not-allowed",
            400,
            "The field cannot be filtered or ordered by",
            "Only fields marked as filterable can; the detail lists them.",
        ),
        Kind(
            "cursor-mismatch",
            400,
            "The cursor belongs to another query",
            "Follow `links.next` as it is, or begin again without a cursor.",
        ),
        Kind("invalid-body", 400, "The body is not understood", "Send JSON in UTF-8."),
        Kind("not-found", 404, "Nothing is published here", "It may be unpublished, or be scheduled for later."),
        Kind("method-not-allowed", 405, "The method is not allowed here", "The `Allow` header lists those that are."),
        Kind("unsupported-media-type", 415, "The media type is not supported", "Send `application/json`."),
        Kind("rate-limited", 429, "Too many requests", "Wait as long as `Retry-After` says."),
        Kind("internal-error", 500, "Something broke on our side", "Try again; the fault has been logged."),
        Kind("busy", 503, "All places for requests are taken", "Wait as long as `Retry-After` says."),
        Kind("timeout", 503, "The time for this request is over", "Try again; if you changed something, read first."),
        Kind("read-only", 503, "Nothing can be written at the moment", "Wait as long as `Retry-After` says."),
        Kind("unavailable", 503, "No database answers at the moment", "Wait as long as `Retry-After` says."),
        Kind(
            "commit-unknown",
            503,
            "Whether this was written cannot be told",
            "Read before you repeat it; repeating is safe with `If-Match` or `Idempotency-Key`.",
        ),
    )
}


class Problem(Exception):
    """A request cannot be answered. `errors` names the parameters or fields and what to do about each."""

    def __init__(self, name: str, detail: str, errors: list[tuple[str, str]] | None = None) -> None:
        self.kind = KINDS[name]
        self.detail = detail
        self.errors = errors or []
        super().__init__(detail)


def parameter(name: str, message: str, *, kind: str = "invalid-parameter") -> Problem:
    """Make the problem of one bad parameter."""
    return Problem(kind, f"{name}: {message}", [(name, message)])


def answer(problem: Problem, request: HttpRequest) -> HttpResponse:
    """Turn a problem into its answer."""
    body: dict[str, Any] = {
        "type": f"/problems/{problem.kind.name}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
        "instance": request.get_full_path(),
    }
    if problem.errors:
        body["errors"] = [{"field": field, "message": message} for field, message in problem.errors]
    if problem.kind.status != 404 and request_id():  # A 404 is kept by caches, and given to others.
        body["request_id"] = request_id()
    text = json.dumps(body, ensure_ascii=False)
    response = HttpResponse(text, status=problem.kind.status, content_type=CONTENT_TYPE)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = "no-store" if problem.kind.status != 404 else "public, max-age=0, s-maxage=10"
    return response


def rate_limited(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Answer a client that asked too often."""
    policy = turn.policy
    detail = f"At most {policy.quota} requests in {policy.window_seconds} s; the next window begins in "
    response = answer(Problem("rate-limited", f"{detail}{turn.reset_seconds} s."), request)
    response["Access-Control-Expose-Headers"] = "Retry-After, RateLimit, RateLimit-Policy"
    return response


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Answer an error raised in a view of the API; None leaves it to Django, which logs it and answers 500."""
    request = context["request"]
    problem = _problem_of(error)
    if problem is None:
        return None
    response = answer(problem, request)
    if isinstance(error, exceptions.MethodNotAllowed):
        response["Allow"] = ", ".join(context["view"].allowed_methods)
    return response


def _problem_of(error: Exception) -> Problem | None:
    match error:
        case Problem():
            return error
        case Http404() | exceptions.NotFound():
            return Problem("not-found", str(error) or "There is nothing at this address.")
        case exceptions.MethodNotAllowed():
            return Problem("method-not-allowed", str(error.detail))
        case exceptions.ParseError():
            return Problem("invalid-body", str(error.detail))
        case exceptions.UnsupportedMediaType():
            return Problem("unsupported-media-type", str(error.detail))
    return None
