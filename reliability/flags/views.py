"""OFREP 0.3.0: flags for the public OpenFeature clients (https://openfeature.dev/docs/reference/other-technologies/ofrep).

Only flags that are marked as visible to clients are answered; of any other key nobody hears.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt

from reliability.flags import process
from reliability.flags.agent import Agent
from reliability.flags.api import get_answer
from reliability.flags.configuration import constants, option
from reliability.flags.context import SCOPE
from reliability.flags.evaluator import Answer
from reliability.flags.snapshot import Entry, Snapshot
from reliability.limits.rate import Turn

CONTEXT_BYTES_MAX = 16 * 1024
TRUSTED = ("user_id", "groups", "is_staff")
"""What only this server knows of a person; a client's own word for it is not taken."""
CLOCK = "$flagd.timestamp"
View = Callable[..., HttpResponse]


class Refused(Exception):
    """The request cannot be answered."""

    def __init__(self, code: str, details: str, status: int = HTTPStatus.BAD_REQUEST, key: str | None = None) -> None:
        self.code, self.details, self.status, self.key = code, details, status, key


def ofrep(view: View) -> View:
    """Let those in who may ask, and put what is refused in the form of OFREP."""

    @csrf_exempt  # There is no cookie that says anything here; answers depend on what is posted.
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _admit(request)
            response = view(request, *args, **kwargs)
        except Refused as refused:
            body = {"errorCode": refused.code, "errorDetails": refused.details}
            response = JsonResponse(body | ({"key": refused.key} if refused.key else {}), status=refused.status)
        return _opened(response)

    return answer


def rate_limited(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Answer a client that asks too often: 429 with Retry-After, which OFREP's providers wait for."""
    policy = turn.policy
    details = f"At most {policy.quota} requests in {policy.window_seconds} s; wait {turn.reset_seconds} s."
    body = {"errorCode": "GENERAL", "errorDetails": details}
    response = _opened(JsonResponse(body, status=HTTPStatus.TOO_MANY_REQUESTS))
    response["Access-Control-Expose-Headers"] = "Retry-After, RateLimit, RateLimit-Policy"
    return response


@ofrep
def evaluate_flag(request: HttpRequest, key: str) -> HttpResponse:
    """Answer one flag."""
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context = _context(request)
    entry = process.current().holder.current.entries.get(key)
    if entry is None or not entry.row.client_visible:
        raise Refused("FLAG_NOT_FOUND", "There is no such flag.", HTTPStatus.NOT_FOUND, key)
    text, failed = _answer(entry, context)
    status = HTTPStatus.BAD_REQUEST if failed else HTTPStatus.OK
    return HttpResponse(text, content_type="application/json", status=status)


@ofrep
def evaluate_flags(request: HttpRequest) -> HttpResponse:
    """Answer every flag that clients may see; 304 when nothing that the answer is made of has changed."""
    if request.method == "OPTIONS":
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    context, agent = _context(request), process.current()
    snapshot = agent.holder.current
    tag = _tag(agent, snapshot, context)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        flags = ",".join(_answer(entry, context)[0] for entry in snapshot.visible)
        body = f'{{"flags":[{flags}],"metadata":{{"version":{snapshot.version}}}}}'
        response = HttpResponse(body, content_type="application/json")
    response["ETag"] = tag
    return response


def _opened(response: HttpResponse) -> HttpResponse:
    """Let scripts of other sites read an answer, which is for its caller only."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match, Authorization, X-API-Key"
    response["Access-Control-Allow-Methods"] = "POST, OPTIONS"
    response["Access-Control-Expose-Headers"] = "ETag"
    response["Cache-Control"] = "private, no-cache"
    response._csp_exempt = True  # type: ignore[attr-defined]  # data is no page
    return response


def _admit(request: HttpRequest) -> None:
    mode = option("OFREP")
    if mode == "off":
        raise Refused("GENERAL", "Flags are not served here.", HTTPStatus.NOT_FOUND)
    if request.method not in ("POST", "OPTIONS"):
        raise Refused("GENERAL", "Send a POST with the context.", HTTPStatus.METHOD_NOT_ALLOWED)
    if mode == "public" or request.method == "OPTIONS":
        return
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer if scheme.lower() == "bearer" else request.headers.get("X-API-Key", "")
    if not token or not import_string(option("OFREP_TOKEN_CHECK"))(token):
        raise Refused("GENERAL", "Send a valid token as `Authorization: Bearer`.", HTTPStatus.UNAUTHORIZED)


def _context(request: HttpRequest) -> dict[str, Any]:
    """Read the client's context, and lay what only we know over it."""
    if len(request.body) > CONTEXT_BYTES_MAX:
        raise Refused("INVALID_CONTEXT", f"The context may have {CONTEXT_BYTES_MAX} bytes.")
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        raise Refused("PARSE_ERROR", "The body is no JSON.") from None
    given = body.get("context", {}) if isinstance(body, dict) else None
    if not isinstance(given, dict):
        raise Refused("INVALID_CONTEXT", 'Send {"context": {...}} with an object.')
    kept = {name: value for name, value in given.items() if name not in TRUSTED and name not in constants()}
    scope = SCOPE.get()
    own = {name: value for name in TRUSTED if scope is not None and (value := scope.context.get(name)) is not None}
    return {**kept, **own, **constants()}


def _answer(entry: Entry, context: Mapping[str, Any]) -> tuple[str, bool]:
    """Write the answer to one flag as OFREP has it, and tell whether it is an error."""
    answer = get_answer(entry.row.key, None, context)
    if answer.error_code is None and answer.variant is None:
        answer = entry.killed(None)
    known = entry.texts.get((answer.variant, answer.reason))
    if known is None:
        known = entry.texts[answer.variant, answer.reason] = _text(entry, answer)
    return known, answer.error_code is not None


def _text(entry: Entry, answer: Answer) -> str:
    key = entry.row.key
    if answer.error_code is not None:
        shown: dict[str, Any] = {"key": key, "errorCode": answer.error_code, "errorDetails": "The flag's rule failed."}
    else:
        metadata = _metadata(entry)
        shown = {"key": key, "value": answer.value, "variant": answer.variant, "reason": answer.reason}
        shown |= {"metadata": metadata} if metadata else {}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _metadata(entry: Entry) -> Mapping[str, Any]:
    try:
        return entry.flag.metadata
    except ValueError:
        return {}


def _tag(agent: Agent, snapshot: Snapshot, context: Mapping[str, Any]) -> str:
    """Hash all that the answer is made of: flags, kills on now, the context, and the minute if one reads it."""
    kills, now = agent.watch.current, time.time()
    parts = [
        snapshot.version, snapshot.token, sorted(kills.variants.items()), kills.is_all,
        [entry.row.key for entry in snapshot.visible if entry.is_killed_here and entry.is_killed(now)],
        {name: value for name, value in context.items() if name != "path"},
        int(now // 60) if any(entry.is_compiled and CLOCK in entry.flag.reads for entry in snapshot.visible) else 0,
    ]  # fmt: skip
    digest = hashlib.blake2b(json.dumps(parts, sort_keys=True, default=str).encode(), digest_size=15).hexdigest()
    return f'"{digest}"'
