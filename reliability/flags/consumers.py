"""What is done when a change of flags has reached this region's node: ring the region's own doorbell."""

from collections.abc import Sequence
from typing import Any

from reliability.flags.actions.write import CHANGED
from reliability.flags.doorbell import ring


def ring_doorbell(events: Sequence[Any]) -> None:
    """Ring once for all changes among the events; the rows are on this region's node, since the event is."""
    versions = [int(event.data["version"]) for event in events if event.kind == CHANGED]
    if versions:
        ring(max(versions))
