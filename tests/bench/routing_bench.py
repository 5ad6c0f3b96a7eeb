"""What does routing cost a request that makes one query? The same handler with it and without, in turns."""

import io
import statistics
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import router
from django.http import HttpRequest, JsonResponse
from django.test import override_settings
from django.urls import path

from cms.accounts.models import Site
from reliability.routing import carrying, snapshots
from reliability.routing.checks import GATE_MIDDLEWARE, ROUTER, ROUTING_MIDDLEWARE
from reliability.routing.router import RoleRouter
from reliability.routing.session import RequestState, request
from tests.bench.figures import Figure

ROUNDS, REQUESTS = 200, 30
DECISIONS = 1_000
AHEAD_BYTES = 1 << 40
EPOCH_SECONDS = 10.0
"""How long the prober may take to find the epoch, which tokens name."""
Handler = Callable[..., Any]


def one_query(request: HttpRequest) -> JsonResponse:
    """Answer with what one query finds."""
    return JsonResponse(list(Site.objects.order_by("name").values_list("name", flat=True)[:10]), safe=False)


urlpatterns = [path("", one_query)]


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Measure a decision of the router, and the share of router and middleware in the CPU of a request."""
    with _handler([], []) as plain:
        _cpu_of(plain)  # The prober has looked by now.
    token = f"{carrying.cookie_name()}={_token()}"
    without, routed, carrying_token = _alternate(token)
    return [
        Figure("router decision, p50", _decision(), "us", 1.0),
        Figure("request without routing", statistics.median(without), "us CPU"),
        Figure("router and middleware", _share(without, routed), "% of it", 5.0),
        Figure("the same with a token", _share(without, carrying_token), "% of it", 5.0),
    ]


def _decision() -> float:
    """Time a decision, in microseconds: the median of many rounds."""
    with override_settings(DATABASE_ROUTERS=[ROUTER]), request(RequestState()):
        ours = RoleRouter()
        rounds = timeit.repeat(lambda: ours.db_for_read(Site), number=DECISIONS, repeat=300)
    return statistics.median(rounds) / DECISIONS * 1e6


def _alternate(token: str) -> tuple[list[float], list[float], list[float]]:
    without, routed, with_token = [], [], []
    for _ in range(ROUNDS):
        with _handler([], []) as plain:
            without.append(_cpu_of(plain))
        with _handler([ROUTING_MIDDLEWARE, GATE_MIDDLEWARE], [ROUTER]) as handler:
            routed.append(_cpu_of(handler))
            with_token.append(_cpu_of(handler, HTTP_COOKIE=token))
    return without, routed, with_token


def _share(without: list[float], others: list[float]) -> float:
    """Compare each round with the one beside it, which met the same machine, and take the median; in percent.

    The best rounds of each differ by a point from run to run: they are few, and luck with caches makes them.
    """
    ratios = [other / plain for other, plain in zip(others, without, strict=True)]
    return (statistics.median(ratios) - 1) * 100


@contextmanager
def _handler(middleware: list[str], routers: list[str]) -> Iterator[Handler]:
    with override_settings(MIDDLEWARE=middleware, DATABASE_ROUTERS=routers, ROOT_URLCONF=__name__):
        router.__dict__.pop("routers", None)
        router._routers = routers
        yield WSGIHandler()
    router.__dict__.pop("routers", None)
    router._routers = None


def _cpu_of(handler: Handler, **environ: str) -> float:
    """Give the CPU of a request in this thread, in microseconds."""
    for _ in range(5):
        _ask(handler, environ)
    began = time.thread_time()
    for _ in range(REQUESTS):
        _ask(handler, environ)
    return (time.thread_time() - began) / REQUESTS * 1e6


def _ask(handler: Handler, environ: dict[str, str]) -> None:
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **environ,
    }
    response = handler(asked, lambda status, headers: None)
    assert response.status_code == 200, response
    response.close()


def _token() -> str:
    """Make a token that no node has passed yet, so that it is checked and kept."""
    snapshot = snapshots.wait_until(lambda newer: newer.epoch is not None, seconds=EPOCH_SECONDS)
    primary = snapshot.primary_node
    assert primary is not None, "no primary was found"
    ahead = primary.position._replace(lsn=primary.lsn + AHEAD_BYTES)
    return carrying.write(ahead, snapshot, now=time.time())
