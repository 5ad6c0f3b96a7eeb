"""How are the spans made that are ours? Imported only where traces are on, for it imports the library."""

import time
from typing import Any

from opentelemetry import context, trace
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import NonRecordingSpan, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from reliability.telemetry.current import Work, new_span_id
from reliability.telemetry.statements import describe

NANOSECONDS = 1_000_000_000
NAME = "reliability.telemetry"
SCOPE = InstrumentationScope(NAME)
OK, FAILED = Status(), Status(StatusCode.ERROR)
UNSAMPLED = TraceFlags(TraceFlags.DEFAULT)


class Spans:
    """Spans of the requests that Django never sees, and of queries; both are made when they are over."""

    def __init__(self, provider: TracerProvider, processor: SpanProcessor) -> None:
        self._provider, self._processor = provider, processor
        self._tracer = provider.get_tracer(NAME)

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
        """Make the span of a query that has just ended, in a traced request or task.

        Made whole, and given to the processor: begun and ended by the library, it would cost three times as much.
        """
        parent = trace.get_current_span()
        if not parent.is_recording():
            return
        statement = describe(sql)
        attributes = {"db.system.name": vendor, "db.client.connection.pool.name": alias, **statement.attributes}
        if error is not None:
            attributes["error.type"] = type(error).__name__
        of = parent.get_span_context()
        ended = time.time_ns()
        self._processor.on_end(
            ReadableSpan(
                statement.name,
                context=SpanContext(of.trace_id, new_span_id(), is_remote=False, trace_flags=of.trace_flags),
                parent=of,
                resource=self._provider.resource,
                attributes=attributes,
                kind=SpanKind.CLIENT,
                status=OK if error is None else FAILED,
                start_time=ended - int(seconds * NANOSECONDS),
                end_time=ended,
                instrumentation_scope=SCOPE,
            )
        )

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
