"""How many requests were answered, how fast, and how well? The service level indicator, and the load on databases."""

from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings
from django.core.signals import setting_changed
from django.urls import URLPattern, URLResolver, get_resolver
from prometheus_client import Gauge, Histogram

from reliability.telemetry import process
from reliability.telemetry.ledger import Noted, counted, observed

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
OTHER = "_OTHER"
"""Label of every method that is none: anybody can invent one."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.4, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""Bounds of the request duration; objectives name some of them."""
STATUSES_AT_BOOT = (200, 500)
"""Each route begins with these at 0, so that its first error is an increase, and no errors are 0."""

duration = Histogram(
    "http_server_request_duration_seconds",
    "From the arrival of a request to its answer.",
    ["http_request_method", "http_route", "http_response_status_code", "slo_class"],
    buckets=SECONDS,
)
active = Gauge(
    "http_server_active_requests",
    "Requests that are being answered.",
    ["http_request_method"],
    multiprocess_mode="livesum",
)
queries = Histogram(
    "http_request_db_queries",
    "Queries of one request that makes any; many are a loop that queries.",
    ["http_route"],
    buckets=(1, 2, 5, 10, 20, 50, 100, 500),
)
database_seconds = Histogram(
    "http_request_db_seconds",
    "Time that one request spent in its queries.",
    ["http_route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)


def method_label(method: str) -> str:
    """Name the method of a request, out of a closed set."""
    return method if method in METHODS else OTHER


@lru_cache(maxsize=4096)
def observer(method: str, route: str, status: int, slo_class: str) -> Noted:
    """Give the series of an answer; looking labels up costs more than counting."""
    return observed(duration.labels(method, route, str(status), slo_class))


@lru_cache(maxsize=16)
def active_of(method: str) -> Noted:
    """Give the gauge of a method."""
    return counted(active.labels(method))


@lru_cache(maxsize=1024)
def load_of(route: str) -> tuple[Noted, Noted]:
    """Give the series of a route's queries and of their time."""
    return observed(queries.labels(route)), observed(database_seconds.labels(route))


def slo_class(path: str) -> str:
    """Name the objective that a path counts for: of SLO_CLASSES, the first whose beginning fits, else `none`.

    By path and not by route: what is refused before any view belongs to an objective too.
    """
    return next((name for prefix, name in _classes() if path.startswith(prefix)), "none")


def begin_at_zero() -> int:
    """Make the series of every route, in one process for all; returns how many routes there are.

    Else every process would add thousands of zeros to each reading of the metrics.
    """
    routes = sorted({route or "/" for route in _routes(get_resolver().url_patterns)})
    if not process.is_first("routes"):
        return len(routes)
    for route in routes:
        for status in STATUSES_AT_BOOT:
            observer("GET", route, status, slo_class(f"/{route}"))
    active_of("GET")
    return len(routes)


def _routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for each in patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route)
        else:
            yield route


@lru_cache(maxsize=1)
def _classes() -> tuple[tuple[str, str], ...]:
    return tuple(tuple(each) for each in getattr(settings, "SLO_CLASSES", ()))


def _forget(*, setting: str, **_: object) -> None:
    if setting == "SLO_CLASSES":
        _classes.cache_clear()


setting_changed.connect(_forget)
