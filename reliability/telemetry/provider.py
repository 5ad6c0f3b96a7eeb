"""How are spans made and sent? The provider of a process: who it is, what is traced, and what becomes of lost spans."""

import logging
import os
import socket
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.conf import settings
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult
from opentelemetry.trace import SpanKind
from prometheus_client import Counter

from reliability.telemetry import current
from reliability.telemetry.sampling import is_in_share

EXPORT_SECONDS = 1.0
"""How long a batch may take, with all its attempts. With the library's ten, a dead collector holds up every end."""
STOP_SECONDS = 1.5
"""How long the last batches may take when a process ends."""
ROOTS = frozenset({SpanKind.SERVER, SpanKind.CONSUMER, SpanKind.PRODUCER})
"""What may begin a trace. A call of a background thread may not: probes and polls would be most of all traces."""

dropped = Counter("telemetry_spans_dropped_total", "Spans that never reached the collector.", ["reason"])
logger = logging.getLogger(__name__)


def make(role: str) -> tuple[TracerProvider, SpanProcessor]:
    """Make the provider of this process, and what takes its spans when they have ended."""
    made = TracerProvider(
        resource=Resource.create(_resource(role)),
        sampler=ParentBased(root=RootSampler()),
        id_generator=ChosenIds(),
        shutdown_on_exit=False,  # `stop` is registered for that, and knows its time.
    )
    exporter = OTLPSpanExporter(endpoint=f"{settings.OTLP_ENDPOINT}/v1/traces", timeout=EXPORT_SECONDS)
    processor = CountingProcessor(CountingExporter(exporter))
    made.add_span_processor(processor)
    return made, processor


def _resource(role: str) -> dict[str, str]:
    service = settings.TELEMETRY_SERVICE
    return {
        "service.name": service["name"],
        "service.version": service["version"],
        "service.instance.id": str(uuid4()),
        "cloud.region": service["region"],
        "deployment.colour": service["colour"],
        "deployment.release": service["version"],
        "host.name": socket.gethostname(),
        "process.pid": str(os.getpid()),
        "process.role": role,
    }


class RootSampler(Sampler):
    """Follows what was decided about a request or task before it began; else the share of all traces."""

    def should_sample(self, parent_context: Any, trace_id: int, name: str, kind: Any = None, *args: Any, **kwargs: Any
                      ) -> SamplingResult:  # fmt: skip
        work = current.current()
        if work is not None and work.trace_id == trace_id:
            is_sampled = work.is_sampled
        else:
            is_sampled = kind in ROOTS and is_in_share(trace_id, settings.TRACE_RATIO)
        return SamplingResult(Decision.RECORD_AND_SAMPLE if is_sampled else Decision.DROP)

    def get_description(self) -> str:
        return f"RootSampler({settings.TRACE_RATIO})"


class ChosenIds(RandomIdGenerator):
    """Gives the span of a request or task the trace id under which it is logged already."""

    def generate_trace_id(self) -> int:
        work = current.current()
        return work.trace_id if work is not None else current.new_trace_id()


class CountingProcessor(BatchSpanProcessor):
    """Counts what a full queue loses, and ends in time."""

    def on_end(self, span: ReadableSpan) -> None:
        batches = self._batch_processor
        if len(batches._queue) == batches._max_queue_size:
            dropped.labels("queue full").inc()
        super().on_end(span)

    def shutdown(self) -> None:
        batches = self._batch_processor
        batches.shutdown(timeout_millis=int(STOP_SECONDS * 1000))
        if lost := len(batches._queue):
            dropped.labels("end of process").inc(lost)


class CountingExporter(SpanExporter):
    """Counts what the collector did not take, and says once that it does not, and once that it does again."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self._is_well = True

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        is_well = result is SpanExportResult.SUCCESS
        if not is_well:
            dropped.labels("not taken").inc(len(spans))
        if is_well != self._is_well:
            self._is_well = is_well
            if is_well:
                logger.info("the collector takes spans again")
            else:
                logger.warning("the collector at %s does not take spans; they are lost", settings.OTLP_ENDPOINT)
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)
