"""Where are rates limited? At the paths that RATE_LIMITS names, before anything costs something.

RATE_LIMITS = [{"NAME": "api", "PATHS": ["/api/"], "QUOTA": 600, "METHODS": ["POST"], "ANSWER": "shop.problems.slow"}]

QUOTA is per minute and client, 0 for no limit; METHODS, if given, are those that count. ANSWER draws the refusal:
(request, turn) -> response. A request is counted by the first entry that fits.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

from reliability.limits.address import client_address, client_key, networks, writers
from reliability.limits.deadline import remaining
from reliability.limits.rate import Policy, RateLimiter, Turn

STATUS = 429
LATE = "This took too long, so it was given up. Try again; if you changed something, look first."
CLIENTS_KEPT = 4096
"""Clients whose names a process keeps: reading an address costs more than counting its request."""
Answer = Callable[[HttpRequest, Turn], HttpResponse]


@dataclass(frozen=True, slots=True)
class Rule:
    """Which requests a policy counts."""

    policy: Policy
    paths: tuple[str, ...]
    methods: frozenset[str]
    answer: Answer

    def is_for(self, request: HttpRequest) -> bool:
        if self.methods and request.method not in self.methods:
            return False
        return request.path_info.startswith(self.paths)


class RateLimitMiddleware:
    """Counts requests by client, and refuses those beyond the quota."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._rules = rules(getattr(settings, "RATE_LIMITS", ()))
        self._trusted = networks(getattr(settings, "TRUSTED_PROXIES", ()))
        self._trusts_peer = getattr(settings, "TRUST_PROXY", False)
        self._limiter = RateLimiter(getattr(settings, "RATE_LIMITS_REDIS_URL", ""))
        self._client = lru_cache(maxsize=CLIENTS_KEPT)(self._find_client)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        rule = next((rule for rule in self._rules if rule.is_for(request)), None)
        if rule is None:
            return self.get_response(request)
        turn = self._limiter.take(rule.policy, self._client(*writers(request.META)))
        response = self.get_response(request) if turn.is_allowed else rule.answer(request, turn)
        for name, value in turn.headers.items():
            response.headers[name] = value
        return response

    def _find_client(self, peer: str, forwarded: str) -> str:
        return client_key(client_address(peer, forwarded, self._trusted, trusts_peer=self._trusts_peer))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a request that failed because its time was over; any other failure is left alone."""
        if remaining() != 0.0:
            return None
        response = _problem(request, 503, "timeout", "The time for this request is over", LATE)
        response["Retry-After"] = "5"
        return response


def rules(entries: Sequence[dict[str, Any]]) -> list[Rule]:
    """Read RATE_LIMITS; what has no quota is left out."""
    return [
        Rule(
            policy=Policy(entry["NAME"], entry["QUOTA"]),
            paths=tuple(entry["PATHS"]),
            methods=frozenset(entry.get("METHODS", ())),
            answer=import_string(entry["ANSWER"]) if "ANSWER" in entry else refuse,
        )
        for entry in entries
        if entry["QUOTA"]
    ]


def refuse(request: HttpRequest, turn: Turn) -> HttpResponse:
    """Refuse a request where nobody else draws the answer."""
    detail = f"At most {turn.policy.quota} requests in {turn.policy.window_seconds} s; wait {turn.reset_seconds} s."
    return _problem(request, STATUS, "rate-limited", "Too many requests", detail)


def _problem(request: HttpRequest, status: int, name: str, title: str, detail: str) -> HttpResponse:
    body = {
        "type": f"/problems/{name}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.get_full_path(),
    }
    response = HttpResponse(json.dumps(body), status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response
