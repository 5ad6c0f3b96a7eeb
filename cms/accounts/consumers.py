"""What this capability does when it hears of a change."""

from collections.abc import Sequence

from cms.accounts import sites
from reliability.outbox.event import STARTED, OutboxEvent


def refresh_sites(events: Sequence[OutboxEvent]) -> None:
    """Read sites and locales anew after one of them changed."""
    if any(event.kind in (sites.CHANGED, STARTED) for event in events):
        sites.forget()
