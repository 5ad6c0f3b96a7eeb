"""What did Prometheus record? The sums of five minutes that its rules add up, and the pages that it raised."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from reliability.slo import prometheus
from reliability.slo.budget import Events, Incident, Measured
from reliability.slo.measuring.days import Cell, arranged, days, midnight
from reliability.slo.prometheus import Value

DAY_SECONDS = 86_400
STEP = timedelta(minutes=10)
"""How precisely the beginning and end of an incident are asked for: 4,320 values, of 11,000 that are allowed."""
PAGES = 'max by (slo, region) (ALERTS{alertstate="firing",severity="page",slo!="",alertname!="SloSilent"})'


def look(url: str, *, now: datetime) -> tuple[dict[str, Measured], list[Incident]]:
    """Ask for all objectives at once. Raises Unavailable."""
    total, bad = (_by_day(url, name, now) for name in ("slo:events:sum5m", "slo:bad_events:sum5m"))
    cells = {cell: Events(value, min(value, bad.get(cell, 0.0))) for cell, value in total.items()}
    hour_total, hour_bad = (
        _last_hour(url, name, now) for name in ("slo:events:increase1h", "slo:bad_events:increase1h")
    )
    hour = {key: Events(value, min(value, hour_bad.get(key, 0.0))) for key, value in hour_total.items()}
    return arranged(cells, hour, now=now), _incidents(url, now)


def _by_day(url: str, name: str, now: datetime) -> dict[Cell, float]:
    """Ask for sums of whole days; the value at a midnight is that of the day that ends with it."""
    known, one = days(now), timedelta(days=1)
    found = prometheus.over_time(
        url,
        f"sum by (slo, region) (sum_over_time({name}[1d]))",
        start=midnight(known[0]) + one,
        end=midnight(known[-1]) + one,
        step_seconds=DAY_SECONDS,
    )
    return {(*_key(labels), (at - one).date()): value for labels, values in found for at, value in values}


def _last_hour(url: str, name: str, now: datetime) -> dict[tuple[str, str], float]:
    found = prometheus.now(url, f"sum by (slo, region) ({name})", at=now)
    return {_key(labels): values[0][1] for labels, values in found}


def _incidents(url: str, now: datetime) -> list[Incident]:
    start = midnight(days(now)[0])
    found = prometheus.over_time(url, PAGES, start=start, end=now, step_seconds=round(STEP.total_seconds()))
    runs = [incident for labels, values in found for incident in _runs(labels, values, now)]
    return sorted(runs, key=lambda each: each.began_at, reverse=True)


def _runs(labels: Mapping[str, str], values: Sequence[Value], now: datetime) -> list[Incident]:
    runs: list[tuple[datetime, datetime]] = []
    for at, _ in values:
        if runs and at - runs[-1][1] <= STEP:
            runs[-1] = (runs[-1][0], at)
        else:
            runs.append((at, at))
    name, region = _key(labels)
    return [Incident(name, region, start, None if now - end < STEP else end + STEP) for start, end in runs]


def _key(labels: Mapping[str, str]) -> tuple[str, str]:
    return labels.get("slo", ""), labels.get("region", "")
