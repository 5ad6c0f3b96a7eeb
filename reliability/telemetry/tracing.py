"""Where do spans go? To a collector, over OTLP; with no address of one there is no provider, and nothing costs.

    tracing.start("web")   in each process that works, after the fork
    tracing.stop()         before it ends, so that its last spans arrive

Everything else may be called in any process; without `start` it does nothing.
"""

import atexit
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

from reliability.telemetry import process
from reliability.telemetry.current import Work, new_span_id
from reliability.telemetry.statements import describe

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class _Tracing:
    """What this process makes spans with."""

    provider: "TracerProvider"
    tracer: "Tracer"
    middleware: Any


_tracing: _Tracing | None = None
_lock = threading.Lock()


def is_on() -> bool:
    """Tell whether this process makes spans."""
    return _tracing is not None


def start(role: str) -> None:
    """Begin to make spans in this process, unless it does already or OTLP_ENDPOINT is empty.

    `role` is what the process is for: `web`, `worker`, `beat`. Call it after a fork, for threads send the spans.
    """
    global _tracing
    process.serve_as(role)
    if _tracing is not None or not settings.OTLP_ENDPOINT:
        return
    with _lock:
        if _tracing is None:
            _tracing = _begin(role)


def stop() -> None:
    """Send what is left, within the time that a graceful end may take, and make no more spans."""
    global _tracing
    with _lock:
        ending, _tracing = _tracing, None
    if ending is not None:
        ending.provider.shutdown()


def _begin(role: str) -> _Tracing:
    process.choose_conventions()
    # Only here: without traces, none of it is imported.
    from opentelemetry import trace

    from reliability.telemetry import instruments, provider

    made = provider.make(role)
    trace.set_tracer_provider(made)
    tracing = _Tracing(made, made.get_tracer("reliability.telemetry"), instruments.connect(made))
    atexit.register(stop)
    return tracing


def enter(work: Work) -> object:
    """Let what an untraced request calls know its trace, so that nothing begins one of its own; undone by `leave`."""
    if _tracing is None or work.is_sampled:
        return None
    from opentelemetry import context, trace

    work.span_id = new_span_id()
    known = trace.SpanContext(work.trace_id, work.span_id, is_remote=False, trace_flags=trace.TraceFlags(0))
    return context.attach(trace.set_span_in_context(trace.NonRecordingSpan(known)))


def leave(work: Work, entered: object, *, method: str, status: int, seconds: float) -> None:
    """Undo `enter`; what answered a traced request before Django saw it gets its span here."""
    if _tracing is None:
        return
    if entered is not None:
        from opentelemetry import context

        context.detach(entered)  # type: ignore[arg-type]  # the token that `enter` gave
    elif work.is_sampled and not work.span_id:
        ended = time.time_ns()
        attributes: dict[str, str | int] = {"http.request.method": method, "http.response.status_code": status}
        span = _tracing.tracer.start_span(
            method, kind=_kinds().SERVER, start_time=ended - int(seconds * NANOSECONDS), attributes=attributes
        )
        span.end(ended)


def note_query(sql: Any, *, seconds: float, alias: str, vendor: str, error: Exception | None) -> None:
    """Make the span of a query that has just ended, in a traced request or task."""
    tracing = _tracing
    if tracing is None or not _is_recording():
        return
    ended = time.time_ns()
    statement = describe(sql)
    attributes = {"db.system.name": vendor, "db.client.connection.pool.name": alias, **statement.attributes}
    if error is not None:
        attributes["error.type"] = type(error).__name__
    span = tracing.tracer.start_span(
        statement.name, kind=_kinds().CLIENT, start_time=ended - int(seconds * NANOSECONDS), attributes=attributes
    )
    if error is not None:
        span.set_status(_error())
    span.end(ended)


def middleware() -> Any:
    """Give the class of middleware that makes the span of a request."""
    return import_string(_tracing.middleware) if _tracing is not None else None


def hide_path(route: str) -> None:
    """Replace the path by its route in the span of this request, for the path is a secret."""
    from opentelemetry import trace

    trace.get_current_span().set_attribute("url.path", route)


def ids() -> tuple[str, str, bool] | None:
    """Give trace, span and whether it is traced, of the span that is open here; None: there is none."""
    if _tracing is None:
        return None
    from opentelemetry import trace

    known = trace.get_current_span().get_span_context()
    if not known.is_valid:
        return None
    return f"{known.trace_id:032x}", f"{known.span_id:016x}", known.trace_flags.sampled


def _is_recording() -> bool:
    from opentelemetry import trace

    return trace.get_current_span().is_recording()


@lru_cache(maxsize=1)
def _kinds() -> Any:
    from opentelemetry.trace import SpanKind

    return SpanKind


@lru_cache(maxsize=1)
def _error() -> Any:
    from opentelemetry.trace import Status, StatusCode

    return Status(StatusCode.ERROR)
