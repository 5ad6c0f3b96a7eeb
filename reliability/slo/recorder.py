"""Who adds up the events of this instance? A job for OPS_JOBS, each minute; without a Prometheus it is all there is."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone
from prometheus_client import REGISTRY
from prometheus_client.multiprocess import MultiProcessCollector

from reliability.slo import actions
from reliability.slo.actions import Slot
from reliability.slo.counts import Count, Sample, count
from reliability.slo.objectives import Catalogue, Observed
from reliability.slo.vocabulary import catalogue
from reliability.telemetry.ledger import settle
from reliability.telemetry.process import shared_folder

PENDING_MAX = 1_000
"""Sums that wait while the database cannot be written: hours of a few objectives. Older ones are given up."""
logger = logging.getLogger(__name__)


class Recorder:
    """Remembers what was counted the last time, and what could not be written yet."""

    interval_seconds = 60.0

    def __init__(self) -> None:
        self._last: dict[str, Count] | None = None
        self._pending: dict[Slot, Count] = {}
        self._tidied: datetime | None = None

    def __call__(self) -> None:
        """Add what was counted since the last call to the minute that it is now."""
        now = timezone.now()
        self._note(count(catalogue().objectives, samples(catalogue())), now)
        try:
            actions.add(self._pending)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("sums of events wait until they can be written (%s)", type(error).__name__)
            return
        self._pending.clear()
        self._tidy(now)

    def _note(self, found: dict[str, Count], now: datetime) -> None:
        """Keep the difference; the first time there is none, for what was counted before may be written already."""
        last, self._last = self._last, found
        minute = now.replace(second=0, microsecond=0)
        for name, current in found.items() if last is not None else ():
            slot = Slot(name, settings.SLO_REGION, minute)
            new = current.since(last.get(name, Count()) if last else Count())
            if new.total:
                self._pending[slot] = self._pending.get(slot, Count()).plus(new)
        for slot in sorted(self._pending, key=lambda each: each.began_at)[:-PENDING_MAX]:
            del self._pending[slot]

    def _tidy(self, now: datetime) -> None:
        """Once an hour, make old sums coarser and forget the oldest."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if self._tidied != hour:
            actions.fold(now=now)
            actions.forget(now=now)
            self._tidied = hour


def samples(objectives: Catalogue) -> Iterable[Sample]:
    """Read the counters of all processes of this instance."""
    settle()
    folder = shared_folder()
    if folder is not None:
        files = [str(file) for file in folder.glob("histogram_*.db")]
        found = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]  # it has no annotations
    else:
        names = {each.indicator.metric for each in objectives.objectives if isinstance(each.indicator, Observed)}
        parts = [f"{name}{suffix}" for name in names for suffix in ("_count", "_bucket")]
        found = REGISTRY.restricted_registry(parts).collect()
    return (sample for metric in found for sample in metric.samples)


record = Recorder()
