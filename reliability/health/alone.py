"""What does a process do that is alone, without an ops process beside it? It runs the jobs, and counts itself."""

from reliability.health import jobs, metrics, usage
from reliability.health.process import Health


def begin(health: Health) -> None:
    """Run OPS_JOBS and OPS_COLLECTORS here, and show probes and use of this process among its own metrics."""
    metrics.show(health.picture)
    usage.show(usage.Usage(lambda: [usage.own(health.role)]))
    jobs.start()
