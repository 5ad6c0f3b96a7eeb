"""Who meets the instrumentation of requests? Only those that are traced: for the others it would cost as much.

Stands first in MIDDLEWARE, and holds both ways: through the middleware of opentelemetry-instrumentation-django, and
past it. It also tells the layer around Django which route took the request.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase

from reliability.telemetry import current, tracing

GetResponse = Callable[[HttpRequest], HttpResponseBase]
SECRETS = frozenset({"token", "password", "signature", "secret"})
"""A path with one of these among its parts is a secret as a whole."""


class TelemetryMiddleware:
    """Sends traced requests through the instrumentation, and notes the route of every request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self._traced: Any = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        work = current.current()
        if work is None or not work.is_sampled or not self._may_trace(request):
            return self.get_response(request)
        work.is_instrumented = True
        response: HttpResponseBase = self._traced(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Note the route: the resolver has just found it."""
        work, match = current.current(), request.resolver_match
        if work is None or match is None:
            return
        work.route = match.route or "/"
        work.hides_path = not SECRETS.isdisjoint(kwargs)
        if work.is_instrumented:
            self._traced.process_view(request, view, args, kwargs)
            if work.hides_path:
                _hide_path(f"/{work.route}")

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Let the span of a traced request know what broke."""
        work = current.current()
        if work is not None and work.is_instrumented:
            self._traced.process_exception(request, error)

    def _may_trace(self, request: HttpRequest) -> bool:
        """The instrumentation asks for the address; a host that is not allowed would then be an error of its own."""
        if self._traced is None:
            made = tracing.middleware()
            if made is None:
                return False
            self._traced = made(self.get_response)
        try:
            request.get_host()
        except DisallowedHost:
            return False
        return True


def _hide_path(route: str) -> None:
    from reliability.telemetry.spans import hide_path

    hide_path(route)
