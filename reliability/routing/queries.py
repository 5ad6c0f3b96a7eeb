"""Reads of the tables of routing."""

from datetime import datetime

from django.db.models import QuerySet

from reliability.routing.models import Epoch, LostWrite, Override


def overrides_in_force(*, now: datetime) -> list[Override]:
    """Read the orders that have not expired, in the order in which they were given."""
    return list(Override.objects.filter(expires_at__gt=now).order_by("created_at", "pk"))


def epochs() -> QuerySet[Epoch]:
    """Read the promotions, newest first."""
    return Epoch.objects.order_by("-timeline", "-pk")


def orders() -> QuerySet[Override]:
    """Read the last order of each kind and node, newest first, also those that have expired."""
    return Override.objects.order_by("-created_at", "-pk")


def lost_writes() -> QuerySet[LostWrite]:
    """Read the writes that may be lost, newest first."""
    return LostWrite.objects.order_by("-written_at", "-pk")


def lost_writes_of(user: str, *, since: datetime, limit: int = 20) -> list[LostWrite]:
    """Read the writes of one person, by the name they sign in with, that may be lost, newest first."""
    return list(lost_writes().filter(user=user, written_at__gte=since)[:limit]) if user else []


def recent_lost_writes(*, limit: int = 100) -> list[LostWrite]:
    """Read the writes that may be lost, newest first."""
    return list(lost_writes()[:limit])
