"""How long a publication takes to be seen is measured where readers are served."""

from datetime import UTC, datetime, timedelta

import pytest

from cms.publishing.consumers import measure_visible
from reliability.outbox.event import START, OutboxEvent
from reliability.telemetry import process
from tests.integration.telemetry.wsgi import count


def seen() -> tuple[float, float]:
    return count("cms_publish_visible_seconds_count"), count("cms_publish_visible_seconds_bucket", le="5.0")


def event(kind: str, *, seconds_ago: float) -> OutboxEvent:
    return OutboxEvent(START, kind, "1", {}, datetime.now(tz=UTC) - timedelta(seconds=seconds_ago))


def events() -> list[OutboxEvent]:
    return [
        event("cms.document.published", seconds_ago=1),
        event("cms.document.unpublished", seconds_ago=20),
        event("cms.document.published", seconds_ago=-1),  # the clock of the database is ahead
        event("outbox.started", seconds_ago=0),
    ]


def test_each_publication_counts_in_a_web_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "role", "web")
    everything, in_time = seen()

    measure_visible(events())

    assert seen() == (everything + 3, in_time + 2)


def test_a_worker_serves_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "role", "worker")
    before = seen()

    measure_visible(events())

    assert seen() == before
