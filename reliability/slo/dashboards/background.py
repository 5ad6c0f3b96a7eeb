"""Does what follows a request follow soon? Events and tasks. Pure."""

from reliability.slo.dashboards.builder import Dashboard, Panel, Query, Row
from reliability.slo.dashboards.promql import highest, quantile, rate


def dashboard(service: str) -> Dashboard:
    """Give the page of Celery and the outbox."""
    return Dashboard(
        uid=f"{service}-background",
        title="Celery and outbox",
        description="Tasks and their queues, events and who hears them.",
        rows=(_tasks(), _events()),
    )


def _tasks() -> Row:
    task = "celery_task_duration_seconds"
    return Row(
        "Tasks",
        (
            Panel(
                "Tasks",
                "Ended a second, by outcome.",
                "ops",
                (Query(rate(f"{task}_count", by="outcome"), "{{outcome}}"),),
                width=6,
            ),
            Panel(
                "Time of a task", "p95, by task.", "s", (Query(quantile(0.95, task, by="task"), "{{task}}"),), width=6
            ),
            Panel(
                "Waiting tasks",
                "By queue.",
                "short",
                (Query(highest("celery_queue_depth", by="region, queue"), "{{region}} {{queue}}"),),
                width=6,
            ),
            Panel(
                "Longest waiting",
                "Age of the oldest task of a queue.",
                "s",
                (Query(highest("celery_queue_oldest_age_seconds", by="region, queue"), "{{region}} {{queue}}"),),
                width=6,
            ),
        ),
    )


def _events() -> Row:
    return Row(
        "Events",
        (
            Panel(
                "Behind the events",
                "Of the slowest process, by consumer.",
                "s",
                (Query(highest("outbox_lag_seconds", by="region, consumer"), "{{region}} {{consumer}}"),),
            ),
            Panel(
                "Not heard yet",
                "Events, by consumer.",
                "short",
                (Query(highest("outbox_lag_events", by="region, consumer"), "{{region}} {{consumer}}"),),
            ),
            Panel(
                "Horizon",
                "Age of the oldest writing transaction: no event passes it.",
                "s",
                (Query(highest("outbox_horizon_age_seconds", by="region"), "{{region}}"),),
            ),
        ),
    )
