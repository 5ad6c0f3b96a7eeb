"""How are the spans made that are ours? Imported only where traces are on, for it imports the library."""

import time
from typing import Any

from opentelemetry import context, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from reliability.telemetry.current import Work, new_span_id
from reliability.telemetry.statements import describe

NANOSECONDS = 1_000_000_000
UNSAMPLED = TraceFlags(TraceFlags.DEFAULT)


class Spans:
    """Spans of the requests that Django never sees, and of queries; both are made when they are over."""

    def __init__(self, provider: TracerProvider) -> None:
        self._tracer = provider.get_tracer("reliability.telemetry")

    def enter(self, work: Work) -> object:
        """Let what an untraced request calls know its trace; None: it is traced, and gets a span instead."""
        if work.is_sampled:
            return None
        work.span_id = new_span_id()
        known = SpanContext(work.trace_id, work.span_id, is_remote=False, trace_flags=UNSAMPLED)
        return context.attach(trace.set_span_in_context(NonRecordingSpan(known)))

    def leave(self, work: Work, entered: object, *, method: str, status: int, seconds: float) -> None:
        """Undo `enter`; what answered a traced request before Django saw it gets its span here."""
        if entered is not None:
            context.detach(entered)  # type: ignore[arg-type]  # the token that `enter` gave
        elif work.is_sampled and not work.span_id:
            self._request(work, method=method, status=status, seconds=seconds)

    def note_query(self, sql: Any, *, seconds: float, alias: str, vendor: str, error: Exception | None) -> None:
        """Make the span of a query that has just ended, in a traced request or task."""
        if not trace.get_current_span().is_recording():
            return
        statement = describe(sql)
        attributes = {"db.system.name": vendor, "db.client.connection.pool.name": alias, **statement.attributes}
        if error is not None:
            attributes["error.type"] = type(error).__name__
        ended = time.time_ns()
        span = self._tracer.start_span(
            statement.name, kind=SpanKind.CLIENT, start_time=ended - int(seconds * NANOSECONDS), attributes=attributes
        )
        if error is not None:
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)

    def _request(self, work: Work, *, method: str, status: int, seconds: float) -> None:
        ended = time.time_ns()
        attributes: dict[str, str | int] = {"http.request.method": method, "http.response.status_code": status}
        span = self._tracer.start_span(
            method, kind=SpanKind.SERVER, start_time=ended - int(seconds * NANOSECONDS), attributes=attributes
        )
        span.end(ended)
        work.span_id = span.get_span_context().span_id


def hide_path(route: str) -> None:
    """Replace the path by its route in the span of this request, for the path is a secret."""
    trace.get_current_span().set_attribute("url.path", route)


def ids() -> tuple[str, str, bool] | None:
    """Give trace, span and whether it is traced, of the span that is open here; None: there is none."""
    known = trace.get_current_span().get_span_context()
    if not known.is_valid:
        return None
    return f"{known.trace_id:032x}", f"{known.span_id:016x}", known.trace_flags.sampled
