"""What do our own sums say? Minutes of two days, and hours of those before."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncDate

from reliability.slo.budget import Events, Incident, Measured, Slot, incidents
from reliability.slo.measuring.days import arranged, days, midnight
from reliability.slo.models import HOUR, MINUTE, EventSum
from reliability.slo.objectives import Catalogue

TROUBLES_MAX = 5_000
"""Sums with bad events that are looked at for incidents, newest first."""
Found = tuple[dict[str, Measured], list[Incident]]


def look(catalogue: Catalogue, *, now: datetime) -> Found:
    """Read the sums of the objectives that there are. Raises DatabaseError."""
    since = midnight(days(now)[0])
    recent = EventSum.objects.filter(objective__in=[each.name for each in catalogue.objectives], began_at__gte=since)
    by_day = _sums(recent.annotate(day=TruncDate("began_at", tzinfo=UTC)), "objective", "region", "day")
    cells = {(row["objective"], row["region"], row["day"]): _events(row) for row in by_day}
    last = _sums(recent.filter(began_at__gte=now - HOUR - MINUTE, seconds=60), "objective", "region")
    hour = {(row["objective"], row["region"]): _events(row) for row in last}
    return arranged(cells, hour, now=now), _incidents(catalogue, recent, now)


def _sums(found: QuerySet[Any], *fields: str) -> Iterable[dict[str, Any]]:
    sums: Iterable[dict[str, Any]] = found.order_by().values(*fields).annotate(events=Sum("total"), failed=Sum("bad"))
    return sums


def _events(row: dict[str, Any]) -> Events:
    return Events(row["events"], row["failed"])


def _incidents(catalogue: Catalogue, recent: QuerySet[EventSum], now: datetime) -> list[Incident]:
    troubled: dict[str, list[Slot]] = {each.name: [] for each in catalogue.objectives}
    for row in recent.filter(bad__gt=0).order_by("-began_at")[:TROUBLES_MAX]:
        slot = Slot(row.region, row.began_at, row.seconds, Events(row.total, row.bad))
        troubled[row.objective].append(slot)
    found = [each for objective in catalogue.objectives for each in incidents(objective, troubled[objective.name])]
    return sorted((_still_on(each, now) for each in found), key=lambda each: each.began_at, reverse=True)


def _still_on(incident: Incident, now: datetime) -> Incident:
    """Sums come once a minute: what ended within the last two may go on."""
    if incident.ended_at is None or now - incident.ended_at > timedelta(minutes=2):
        return incident
    return Incident(incident.objective, incident.region, incident.began_at, None)
