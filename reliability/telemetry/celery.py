"""How long do tasks take, and how many wait? Signals in every process; `collect_queues` for one of OPS_COLLECTORS.

Importing this connects it.
"""

import json
import logging
import math
import time
from typing import Any

from celery import current_app, signals
from django.conf import settings
from kombu.exceptions import OperationalError
from prometheus_client import Gauge, Histogram

from reliability.telemetry import current, ledger, process, tracing
from reliability.telemetry.current import Work
from reliability.telemetry.sampling import is_in_share, parent_of

REQUEST_HEADER = "request_id"
"""Header of a task: the request or task that sent it, so that the log lines of both are found by one id."""
SENT_HEADER = "sent_at"
"""Header of a task: seconds of the epoch at which it was sent; of the oldest that waits, the age of its queue."""
CONNECT_SECONDS = 2
UNKNOWN = math.nan
"""What a gauge shows while nobody can tell: 0 would say that all is well."""
OUTCOMES = {"SUCCESS": "success", "FAILURE": "failure", "RETRY": "retry"}
OTHER = "other"

duration = Histogram(
    "celery_task_duration_seconds",
    "How long a task ran.",
    ["task", "outcome"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0),
)
depth = Gauge("celery_queue_depth", "Tasks that wait in a queue.", ["queue"], multiprocess_mode="livemostrecent")
oldest = Gauge(
    "celery_queue_oldest_age_seconds",
    "How long the task that comes next has waited.",
    ["queue"],
    multiprocess_mode="livemostrecent",
)
logger = logging.getLogger(__name__)


def collect_queues() -> None:
    """Set the gauges of every queue; unknown (NaN) while the broker does not answer. Returns within seconds."""
    app: Any = current_app
    unreachable = (OperationalError, OSError, *app.connection_for_write().connection_errors)
    for queue in app.amqp.queues:
        try:
            waiting, age = _look(app, queue)
        except unreachable as error:
            logger.warning("queue %s cannot be read (%s)", queue, type(error).__name__)
            waiting, age = UNKNOWN, UNKNOWN
        depth.labels(queue).set(waiting)
        oldest.labels(queue).set(age)


def _look(app: Any, queue: str) -> tuple[float, float]:
    """Count what waits in a queue, and tell how long the next one has, in seconds."""
    with app.connection_for_write(connect_timeout=CONNECT_SECONDS) as connection:
        connection.ensure_connection(max_retries=1, timeout=CONNECT_SECONDS)
        channel = connection.channel()
        # Private, but the public way fails for an empty queue, which Redis does not keep.
        waiting = float(channel._size(queue))
        sent_at = _next(channel, queue).get("headers", {}).get(SENT_HEADER)
    return waiting, max(0.0, time.time() - sent_at) if sent_at else 0.0


def _next(channel: Any, queue: str) -> dict[str, Any]:
    """Look at the message that is taken next, and leave it there; empty: there is none."""
    if hasattr(channel, "client"):  # Redis
        text = channel.client.lindex(queue, -1)
        return dict(json.loads(text)) if text else {}
    waiting = list(channel._queue_for(queue).queue)  # in memory
    return dict(waiting[0]) if waiting else {}


@signals.before_task_publish.connect
def _announce(headers: dict[str, Any] | None = None, **ignored: Any) -> None:
    """Send along who asked, and when."""
    if headers is not None:
        headers[SENT_HEADER] = time.time()
        if asking := current.request_id():
            headers[REQUEST_HEADER] = asking


@signals.task_prerun.connect
def _begin(task: Any, **ignored: Any) -> None:
    """Begin the work of a task; an eager one is part of its caller."""
    if task.request.is_eager:
        return
    tracing.start("worker")  # Pools of threads announce no process.
    current.begin(work_of(task.request))


@signals.task_postrun.connect
def _end(task: Any, state: str | None = None, **ignored: Any) -> None:
    work = current.current()
    if task.request.is_eager or work is None:
        return
    outcome = OUTCOMES.get(state or "", OTHER)
    duration.labels(task.name, outcome).observe(time.perf_counter() - work.began)
    current.end()


def work_of(request: Any) -> Work:
    """Make the work of a task, from the headers with which it was sent."""
    parent = parent_of(getattr(request, "traceparent", None))
    trace_id = parent.trace_id if parent else current.new_trace_id()
    is_sampled = parent.is_sampled if parent else is_in_share(trace_id, settings.TRACE_RATIO)
    asking = getattr(request, REQUEST_HEADER, None)
    return Work(trace_id, str(asking or f"{trace_id:032x}"), is_sampled=is_sampled)


@signals.worker_process_init.connect
def _start_process(**ignored: Any) -> None:
    """Each child of a worker sends its own spans; its series begin at 0, so that a first failure is an increase."""
    tracing.start("worker")
    for name in current_app.tasks:
        if not name.startswith("celery."):
            for outcome in OUTCOMES.values():
                duration.labels(name, outcome)


@signals.worker_process_shutdown.connect
@signals.worker_shutdown.connect
def _stop_process(**ignored: Any) -> None:
    """Send the last spans, and count what is only noted. Without it the last second of each child would be lost.

    Prefork tells its children, other pools only the worker.
    """
    tracing.stop()
    ledger.settle()


@signals.worker_init.connect
def _start_worker(**ignored: Any) -> None:
    process.serve_as("worker")


@signals.beat_init.connect
def _start_clock(**ignored: Any) -> None:
    tracing.start("beat")


@signals.setup_logging.connect
def _keep_logging(loglevel: int | str | None = None, **ignored: Any) -> None:
    """Take the level of the command; being connected keeps Celery from replacing the handlers of the settings."""
    if loglevel is not None:
        logging.getLogger("celery").setLevel(loglevel)
