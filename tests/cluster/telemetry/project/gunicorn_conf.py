"""What telemetry asks of gunicorn."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    from reliability.telemetry import tracing

    tracing.start("web")


def worker_exit(server: Any, worker: Any) -> None:
    from reliability.telemetry import tracing

    tracing.stop()
