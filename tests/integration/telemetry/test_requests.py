"""Every request is counted once, under its route, whoever answered it."""

import random
import string
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path, re_path

from cms.site import errors
from reliability.telemetry import requests
from reliability.telemetry.wsgi import RequestTelemetry
from tests.integration.telemetry.wsgi import Application, ask, count, series

handler500 = errors.broken
PAGES = "pages/<slug:name>/"
COUNT = "http_server_request_duration_seconds_count"


def page(request: HttpRequest, name: str) -> HttpResponse:
    if name == "broken":
        raise RuntimeError("broken on purpose")
    return HttpResponse(name)


def query(request: HttpRequest) -> HttpResponse:
    from cms.accounts.models import Site

    return HttpResponse(str(Site.objects.count() + Site.objects.count()))


urlpatterns = [path(PAGES, page), path("admin/query/", query), re_path(r"^secret/(?P<token>.+)$", query)]


@pytest.fixture
def site() -> Iterator[Application]:
    with override_settings(ROOT_URLCONF=__name__):
        yield RequestTelemetry(WSGIHandler())


def answers(method: str, route: str, status: int, slo_class: str = "public") -> float:
    labels = {"http_request_method": method, "http_route": route, "slo_class": slo_class}
    return count(COUNT, http_response_status_code=status, **labels)


def active() -> float:
    """Count the requests that are under way; tests before this one may have left some open."""
    return count("http_server_active_requests", http_request_method="GET")


def test_an_answer_counts_under_its_route_and_not_its_path(site: Application) -> None:
    before = answers("GET", PAGES, 200)

    ask(site, "/pages/one/")
    ask(site, "/pages/two/")

    assert answers("GET", PAGES, 200) == before + 2


def test_a_fault_counts_once_as_500(site: Application, caplog: pytest.LogCaptureFixture) -> None:
    before = answers("GET", PAGES, 500)

    answer = ask(site, "/pages/broken/")

    assert answer.status == 500
    assert answers("GET", PAGES, 500) == before + 1


def test_an_application_that_raises_counts_as_500() -> None:
    def broken(environ: Any, start_response: Any) -> Any:
        raise RuntimeError("below Django")

    before, active_before = answers("GET", "_unmatched", 500), active()

    with pytest.raises(RuntimeError, match="below Django"):
        ask(RequestTelemetry(broken))

    assert answers("GET", "_unmatched", 500) == before + 1
    assert active() == active_before


def test_who_writes_counts_for_another_objective_than_who_reads(db: None, site: Application) -> None:
    before = answers("GET", "admin/query/", 200, "manage")

    ask(site, "/admin/query/")

    assert answers("GET", "admin/query/", 200, "manage") == before + 1


def test_queries_count_for_the_route_of_their_request(db: None, site: Application) -> None:
    sum_before = count("http_request_db_queries_sum", http_route="admin/query/")
    time_before = count("http_request_db_seconds_sum", http_route="admin/query/")

    ask(site, "/admin/query/")

    assert count("http_request_db_queries_sum", http_route="admin/query/") == sum_before + 2
    assert count("http_request_db_seconds_sum", http_route="admin/query/") > time_before


def test_a_request_is_active_until_its_answer_is_closed(site: Application) -> None:
    before = active()
    seen: list[float] = []

    def watching(environ: Any, start_response: Any) -> Any:
        seen.append(active())
        start_response("200 OK", [])
        return [b""]

    ask(RequestTelemetry(watching))

    assert seen == [before + 1]
    assert active() == before


def test_a_file_stays_what_the_server_can_send_and_is_closed_once() -> None:
    before = active()
    closed: list[str] = []

    class FileWrapper:
        close: Any

        def __init__(self) -> None:
            self.close = lambda: closed.append("file")

        def __iter__(self) -> Iterator[bytes]:
            return iter([b"file"])

    def sending(environ: Any, start_response: Any) -> Any:
        start_response("200 OK", [])
        return FileWrapper()

    returned: list[Any] = []
    application = RequestTelemetry(sending)

    def server(environ: Any, start_response: Any) -> Any:
        returned.append(application(environ, start_response))
        return returned[0]

    ask(server, **{"wsgi.file_wrapper": FileWrapper})

    assert isinstance(returned[0], FileWrapper)
    assert closed == ["file"]
    assert active() == before


def test_the_first_error_of_a_route_is_an_increase_from_zero(site: Application) -> None:
    assert requests.begin_at_zero() == len(urlpatterns)

    assert {(PAGES, "200"), (PAGES, "500")} <= {
        (labels["http_route"], labels["http_response_status_code"])
        for metric in requests.duration.collect()
        for _, labels, *_ in metric.samples
    }


def test_nobody_can_make_new_series(db: None, site: Application) -> None:
    dice = random.Random(5)

    def word() -> str:
        return "".join(dice.choices(string.ascii_letters, k=8))

    def send(application: Application, times: int) -> None:
        for _ in range(times):
            ask(application, f"/{word()}/{word()}", method=word().upper(), HTTP_HOST=f"{word()}.example")
            ask(application, f"/pages/{word()}/", method=word().upper())
            ask(application, f"/{word()}", HTTP_HOST="localhost")

    outside = RequestTelemetry(lambda environ, start: start("404 Not Found", []) or [b""])
    for application in (site, outside):
        send(application, 1)
    before = series()

    send(site, 300)
    send(outside, 3_100)  # Django makes this slow; that it makes no series either, the others show.

    assert series() - before == set()
