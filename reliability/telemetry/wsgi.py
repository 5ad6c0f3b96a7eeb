"""What is measured of a request, whoever answers it? Around Django, and around all that answers before it.

    application = RequestTelemetry(slots(django))

Counts it, decides whether it is traced, gives it its id, and writes one line to the log when it is over.
"""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings

from reliability.telemetry import current, requests, tracing
from reliability.telemetry.bodies import until_closed
from reliability.telemetry.current import Work
from reliability.telemetry.logs import AccessLines, of_this_thread
from reliability.telemetry.metrics import render
from reliability.telemetry.peers import is_from_inside, is_trusted_proxy
from reliability.telemetry.sampling import Parent, decide, is_wish, parent_of

STEERING = ("HTTP_TRACEPARENT", "HTTP_TRACESTATE", "HTTP_BAGGAGE", "HTTP_X_REQUEST_ID")
"""Headers by which a caller joins our traces and names our requests: only those of trusted proxies count."""
METRICS_PATH = "/metrics"
REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
PATH_CHARACTERS = 500
"""What of a path is written to the log."""
access = AccessLines()
Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class RequestTelemetry:
    """A WSGI application that measures another one."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        exchange = _Exchange(environ, start_response)
        try:
            body = self._application(environ, exchange.start_response)
        except BaseException:
            exchange.status = 500
            exchange.answered()
            exchange.end()
            raise
        exchange.answered()
        return until_closed(body, environ, exchange.end)


class MetricsPage:
    """Answers `/metrics` to callers of the own network, whatever they call this host; everything else goes on."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        is_read = environ.get("PATH_INFO") == METRICS_PATH and environ.get("REQUEST_METHOD") in ("GET", "HEAD")
        if not is_read or not is_from_inside(environ):
            return self._application(environ, start_response)
        page = render()
        start_response("200 OK", [*page.items(), ("Content-Length", str(len(page.content)))])
        return [page.content] if environ["REQUEST_METHOD"] == "GET" else []


class _Exchange:
    """One request and its answer."""

    __slots__ = ("_active", "_began", "_context", "_environ", "_method", "_start_response", "bytes", "seconds",
                 "slo_class", "status", "work")  # fmt: skip

    def __init__(self, environ: Environ, start_response: StartResponse) -> None:
        self._began = time.perf_counter()
        self._environ, self._start_response = environ, start_response
        self._method = requests.method_label(environ.get("REQUEST_METHOD", ""))
        self._active = requests.active_of(self._method)
        self._active.note()
        self.slo_class = requests.slo_class(environ.get("PATH_INFO") or "/")
        self.status, self.seconds, self.bytes = 0, 0.0, ""
        self.work = work_of(environ)
        current.begin(self.work)
        spans = tracing.spans()
        self._context = spans.enter(self.work) if spans is not None else None

    def start_response(self, status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        """Note the status; name the request in an answer that is for its caller only."""
        self.status = int(status[:3])
        self.bytes = next((value for name, value in headers if name == "Content-Length"), "")
        if is_for_one(headers, method=self._method, status=self.status):
            headers = [*headers, ("X-Request-ID", self.work.request_id), ("traceresponse", self._traceresponse())]
        return self._start_response(status, headers, *more)

    def answered(self) -> None:
        """Stop the clock: how long a client takes to fetch the answer is not ours."""
        self.seconds = time.perf_counter() - self._began
        work = self.work
        requests.observer(self._method, work.route, self.status, self.slo_class).note(self.seconds)
        if work.queries:
            queries, seconds = requests.load_of(work.route)
            queries.note(work.queries)
            seconds.note(work.database_seconds)

    def end(self) -> None:
        """Forget the request, after one line in the log."""
        self._active.note(-1)
        if (spans := tracing.spans()) is not None:
            spans.leave(self.work, self._context, method=self._method, status=self.status, seconds=self.seconds)
        if access.are_wanted:
            access.write(self._line(), of_this_thread())
        current.end()

    def _line(self) -> dict[str, Any]:
        work = self.work
        line = {
            "message": "request",
            "method": self._method,
            "path": f"/{work.route}" if work.hides_path else path_of(self._environ)[:PATH_CHARACTERS],
            "route": work.route,
            "status": self.status,
            "slo_class": self.slo_class,
            "duration_ms": round(self.seconds * 1000, 2),
            "db_queries": work.queries,
            "db_ms": round(work.database_seconds * 1000, 2),
        }
        if self.bytes:
            line["bytes"] = int(self.bytes)
        if getattr(settings, "TRACE_CLIENTS", False):
            line["client"] = self._environ.get("REMOTE_ADDR", "")
        return {**line, **work.fields}

    def _traceresponse(self) -> str:
        work = self.work
        return f"00-{work.trace}-{work.span or f'{current.new_span_id():016x}'}-{int(work.is_sampled):02x}"


def work_of(environ: Environ) -> Work:
    """Begin the work of a request: its ids, and whether it is traced. Headers of strangers are taken out of it."""
    if not is_trusted_proxy(environ.get("REMOTE_ADDR", "")):
        for name in STEERING:
            environ.pop(name, None)
    traceparent, given = environ.get("HTTP_TRACEPARENT"), environ.get("HTTP_X_REQUEST_ID")
    parent = parent_of(traceparent) if traceparent else None
    trace_id = parent.trace_id if parent else current.new_trace_id()
    work = Work(trace_id, given if given and REQUEST_ID.fullmatch(given) else f"{trace_id:032x}")
    if tracing.spans() is not None:
        work.is_sampled = _is_sampled(environ, trace_id, parent)
        if parent is not None:
            environ["HTTP_TRACEPARENT"] = parent.header(is_sampled=work.is_sampled)
    return work


def is_for_one(headers: Iterable[tuple[str, str]], *, method: str, status: int) -> bool:
    """Tell whether no shared cache may keep an answer: what a cache gives to others must not carry one caller's id."""
    for name, value in headers:
        if name.lower() == "cache-control":
            return "no-store" in value or "private" in value
    return method not in ("GET", "HEAD") or status >= 500


def path_of(environ: Environ) -> str:
    """Give the path as people write it, without the query, which may hold what is secret."""
    path: str = environ.get("PATH_INFO") or "/"
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")


def _is_sampled(environ: Environ, trace_id: int, parent: Parent | None) -> bool:
    wish = environ.get("HTTP_X_DEBUG_TRACE")
    is_wished = wish is not None and is_wish(wish, now=time.time(), keys=_keys())
    return decide(trace_id, parent=parent, is_wished=is_wished, ratio=settings.TRACE_RATIO)


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
