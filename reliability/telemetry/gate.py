"""Who meets the instrumentation of requests? Only those that are traced: for the others it would cost as much.

Stands first in MIDDLEWARE, and holds both ways: through the middleware of opentelemetry-instrumentation-django, and
past it. It also tells the layer around Django which route took the request.
"""

from collections.abc import Callable
from typing import Any

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
        if work is None:
            return self.get_response(request)
        if not work.is_sampled:
            return self.get_response(request)
        response: HttpResponseBase = self._instrumented()(request)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Note the route: the resolver has just found it."""
        work, match = current.current(), request.resolver_match
        if work is None or match is None:
            return
        work.route = match.route or "/"
        work.hides_path = not SECRETS.isdisjoint(kwargs)
        if work.is_sampled:
            self._instrumented().process_view(request, view, args, kwargs)
            if work.hides_path:
                tracing.hide_path(f"/{work.route}")

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Let the span of a traced request know what broke."""
        work = current.current()
        if work is not None and work.is_sampled:
            self._instrumented().process_exception(request, error)

    def _instrumented(self) -> Any:
        if self._traced is None:
            self._traced = tracing.middleware()(self.get_response)
        return self._traced
