"""Where do spans go? To a collector, over OTLP; with no address of one there is no provider, and nothing costs.

tracing.start("web")   in each process that works, after the fork
tracing.stop()         before it ends, so that its last spans arrive
"""

import atexit
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string

from reliability.telemetry import process
from reliability.telemetry.current import Work

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

    from reliability.telemetry.spans import Spans


@dataclass(frozen=True, slots=True)
class Tracing:
    """What this process makes spans with."""

    provider: "TracerProvider"
    spans: "Spans"
    middleware: str
    """Dotted name of the middleware that makes the span of a request; the gate holds it."""


_tracing: Tracing | None = None
_lock = threading.Lock()


def spans() -> "Spans | None":
    """Give what makes spans; None: this process makes none."""
    return _tracing.spans if _tracing is not None else None


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


def middleware() -> Any:
    """Give the class of middleware that makes the span of a request; None: this process makes none."""
    return import_string(_tracing.middleware) if _tracing is not None else None


def ids(work: Work) -> tuple[str, str, bool]:
    """Give trace, span and whether it is traced: of the innermost span, or of the work as a whole."""
    if _tracing is not None:
        from reliability.telemetry.spans import ids as of_span

        found = of_span()
        if found is not None:
            return found
    return work.trace, work.span, work.is_sampled


def _begin(role: str) -> Tracing:
    process.choose_conventions()
    # Only here: without traces, none of it is imported.
    from opentelemetry import trace

    from reliability.telemetry import instruments, provider
    from reliability.telemetry.spans import Spans

    made, processor = provider.make(role)
    trace.set_tracer_provider(made)
    atexit.register(stop)
    return Tracing(made, Spans(made, processor), instruments.connect(made))
