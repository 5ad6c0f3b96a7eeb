"""Does what happens after a request happen? Events and tasks. Pure."""

from reliability.slo.alert import Alert, Severity
from reliability.slo.windows import MINUTE

OUTBOX_SECONDS = 60
QUEUE_SECONDS = 5 * MINUTE


def alerts() -> list[Alert]:
    """Give the alerts of events and tasks."""
    return [
        Alert(
            name="OutboxStuck",
            expression=f"max by (region, consumer) (outbox_lag_seconds) > {OUTBOX_SECONDS}",
            severity=Severity.PAGE,
            summary="{{ $labels.consumer }} in {{ $labels.region }} is {{ $value | humanizeDuration }} behind",
            description="What was published does not appear there: caches keep the old answers.",
            lasting_seconds=2 * MINUTE,
        ),
        Alert(
            name="CeleryQueueOld",
            expression=f"max by (region, queue) (celery_queue_oldest_age_seconds) > {QUEUE_SECONDS}",
            severity=Severity.TICKET,
            summary="A task has waited {{ $value | humanizeDuration }} in {{ $labels.queue }} of {{ $labels.region }}",
            description="No worker takes it, or all of them are busy.",
            lasting_seconds=5 * MINUTE,
        ),
    ]
