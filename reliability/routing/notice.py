"""What should the pages of people say while nothing can be written? One sentence, for the top of the page.

As a context processor (`reliability.routing.notice.degraded`) it gives templates `routing_notice`: None in normal
times. Include `routing/notice.html` where messages stand.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import now as current_time

from reliability.routing import current
from reliability.routing.mode import Mode
from reliability.routing.topology import Snapshot


@dataclass(frozen=True, slots=True)
class Notice:
    """That nothing can be saved, and how old what is shown may be."""

    newest_at: datetime | None
    """When the newest data that can be read was written; None: not known."""
    reason: str


def degraded(request: HttpRequest) -> dict[str, Any]:
    """Give templates the notice of this moment."""
    return {"routing_notice": notice(current.snapshot(), now=current_time())}


def notice(snapshot: Snapshot, *, now: datetime) -> Notice | None:
    """Make the notice; None while writes go. A short hold is no news: most end before anybody has read it."""
    if snapshot.mode is not Mode.READ_ONLY:
        return None
    ages = [node.staleness_seconds for node in snapshot.readable if node.staleness_seconds != float("inf")]
    newest_at = (now - timedelta(seconds=min(ages))).astimezone(UTC) if ages else None
    return Notice(newest_at, snapshot.mode_reason)
