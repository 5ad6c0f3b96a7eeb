"""Which libraries make spans by themselves? Those of opentelemetry-instrumentation, with what they may not tell."""

from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http import HttpRequest
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span

from reliability.telemetry import current

PERSONAL = ("client.address", "client.port", "network.peer.address", "network.peer.port", "user_agent.original")
HIDDEN = "hidden"


def connect(provider: TracerProvider) -> str:
    """Let the libraries make spans; returns the dotted name of the middleware for requests, which the gate holds."""
    for library in (CeleryInstrumentor, RedisInstrumentor, HTTPXClientInstrumentor):
        instrumentor: Any = library()
        instrumentor.instrument(tracer_provider=provider)
    before = list(settings.MIDDLEWARE)
    DjangoInstrumentor().instrument(tracer_provider=provider, request_hook=tell_less)
    [added] = [name for name in settings.MIDDLEWARE if name not in before]
    settings.MIDDLEWARE = before
    return str(added)


def tell_less(span: Span, request: HttpRequest) -> None:
    """Note the span as that of the request, and hide who asks and what stands in the query."""
    work = current.current()
    if work is not None:
        work.span_id = span.get_span_context().span_id
    if request.META.get("QUERY_STRING"):
        span.set_attribute("url.query", names_only(request.META["QUERY_STRING"]))
    if not settings.TRACE_CLIENTS:
        known: Any = getattr(span, "attributes", None) or {}
        for name in PERSONAL:
            if name in known:
                span.set_attribute(name, HIDDEN)


def names_only(query: str) -> str:
    """Keep the names of the parameters; their values may be secrets."""
    return "&".join(f"{name}=" for name, _ in parse_qsl(query, keep_blank_values=True))
