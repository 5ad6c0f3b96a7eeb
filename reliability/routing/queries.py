"""Reads of the tables of routing."""

from datetime import datetime

from reliability.routing.models import Epoch, LostWrite, Override


def overrides_in_force(*, now: datetime) -> list[Override]:
    """Read the orders that have not expired, in the order in which they were given."""
    return list(Override.objects.filter(expires_at__gt=now).order_by("created_at", "pk"))


def recent_epochs(*, limit: int = 20) -> list[Epoch]:
    """Read the last promotions, newest first."""
    return list(Epoch.objects.order_by("-timeline")[:limit])


def recent_lost_writes(*, limit: int = 100) -> list[LostWrite]:
    """Read the writes that may be lost, newest first."""
    return list(LostWrite.objects.order_by("-written_at", "-pk")[:limit])
