"""How does gunicorn serve the product?"""

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Send traces from each worker: after the fork, for threads send them."""
    from reliability.telemetry import tracing

    tracing.start("web")


def worker_exit(server: Any, worker: Any) -> None:
    """Send the last ones when no request is left."""
    from reliability.telemetry import tracing

    tracing.stop()
