"""How are the objectives doing? From Prometheus, or from our own sums when there is none; it is said which.

Asked at most once a minute in each process: a Prometheus that hangs costs one page two seconds, not each.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from reliability.limits.deadline import deadline
from reliability.slo.budget import Incident, Measured
from reliability.slo.measuring import monitored, summed
from reliability.slo.objectives import Catalogue
from reliability.slo.prometheus import SECONDS, Unavailable
from reliability.slo.vocabulary import catalogue

REMEMBERED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Standing:
    """How all objectives are doing."""

    at: datetime
    source: str
    """`prometheus` or `table`; empty: neither could be asked."""
    why: str
    """Why it is not Prometheus, although there is one; empty otherwise."""
    objectives: Mapping[str, Measured]
    incidents: tuple[Incident, ...]
    """Newest first."""


_lock = threading.Lock()
_remembered: tuple[float, Standing] | None = None


def standing() -> Standing:
    """Give what was found within the last minute, or look."""
    global _remembered
    known = _remembered
    if known is not None and time.monotonic() < known[0]:
        return known[1]
    with _lock:  # One asks; the others wait for its answer, for two seconds at most.
        if _remembered is None or time.monotonic() >= _remembered[0]:
            found = look(catalogue(), now=timezone.now())
            _remembered = (time.monotonic() + REMEMBERED_SECONDS, found)
        return _remembered[1]


def forget() -> None:
    """Look again the next time."""
    global _remembered
    _remembered = None


def look(objectives: Catalogue, *, now: datetime) -> Standing:
    """Ask Prometheus, and the table when it does not answer or knows nothing of these objectives."""
    why = ""
    if settings.SLO_PROMETHEUS_URL:
        try:
            with deadline(seconds=SECONDS):
                found, incidents = monitored.look(settings.SLO_PROMETHEUS_URL, now=now)
            if found:
                return Standing(now, "prometheus", "", found, tuple(incidents))
            why = "it has no series of these objectives"
        except Unavailable as error:
            why = str(error)
    try:
        found, incidents = summed.look(objectives, now=now)
    except (DatabaseError, InterfaceError):
        return Standing(now, "", why, {}, ())
    return Standing(now, "table", why, found, tuple(incidents))
