"""What this capability does when it hears of a change."""

from collections.abc import Sequence

from cms.content import types
from reliability.outbox.event import STARTED, OutboxEvent


def refresh_types(events: Sequence[OutboxEvent]) -> None:
    """Read the types anew after one of them changed."""
    if any(event.kind in (types.CHANGED, STARTED) for event in events):
        types.forget()
