"""How long does it take until what was published can be read? Measured where readers are served."""

from collections.abc import Sequence
from datetime import UTC, datetime

from prometheus_client import Histogram

from cms.publishing.events import PUBLISHED, UNPUBLISHED
from reliability.outbox.event import OutboxEvent
from reliability.telemetry import process

visible_seconds = Histogram(
    "cms_publish_visible_seconds",
    "From a publication's transaction to its event in a web process, which is when this region shows it.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0),
)


def measure_visible(events: Sequence[OutboxEvent]) -> None:
    """Observe the age of each publication among the events; workers serve nobody, so they do not count."""
    if process.role != "web":
        return
    now = datetime.now(tz=UTC)
    for event in events:
        if event.kind in (PUBLISHED, UNPUBLISHED):
            # The clocks of a database and of this host may differ a little.
            visible_seconds.observe(max(0.0, (now - event.at).total_seconds()))
