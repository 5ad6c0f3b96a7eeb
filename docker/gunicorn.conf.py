"""How does gunicorn serve a site? `gunicorn -c docker/gunicorn.conf.py cms.config.wsgi:application`

The settings of the site decide (cms/config/README.md); what stands on gunicorn's command line wins.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cms.config import env
from reliability.limits.capacity import threads as threads_for
from reliability.telemetry import process as numbers

_environment = env.read()
numbers.share(_environment.metrics_dir)

bind = [_environment.web_bind]
workers = _environment.web_workers
worker_class = "gthread"
threads = threads_for(_environment.request_slots)
timeout = 30
"""Seconds after which a worker that stands still is killed; a request that waits is no such worker."""
graceful_timeout = 25
"""Seconds for requests that are under way when the server ends; less than an orchestrator waits."""
keepalive = 75
"""Seconds for which an idle connection stays open: longer than load balancers keep theirs, which must close first."""
control_socket_disable = True
"""It would be written into a folder that may be read-only."""
loglevel = "warning"


def on_starting(server: Any) -> None:
    """Forget the numbers of an earlier run, before the first process counts."""
    numbers.empty(_environment.metrics_dir)


def post_worker_init(worker: Any) -> None:
    """Begin what a process needs that serves: here, since threads do not survive a fork."""
    from reliability.health import process as health
    from reliability.telemetry import tracing

    health.start("web", parent=worker.ppid)
    health.drain_on_term()
    tracing.start("web")


def worker_exit(server: Any, worker: Any) -> None:
    """Send the last traces, in the process that ends, when no request is left."""
    from reliability.telemetry import tracing

    tracing.stop()


def child_exit(server: Any, worker: Any) -> None:
    """Take a process that has ended off the gauges; what it counted stays."""
    numbers.bury(worker.pid, _environment.metrics_dir)
