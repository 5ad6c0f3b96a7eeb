"""People who report an error can say which request it was."""

import json

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from cms.site import errors
from reliability.routing.answers import Problem, answer
from reliability.telemetry.wsgi import RequestTelemetry
from tests.integration.telemetry.wsgi import Answer, ask

handler404, handler500 = errors.not_found, errors.broken


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def refused(request: HttpRequest) -> HttpResponse:
    return answer(request, Problem.READ_ONLY)


urlpatterns = [path("broken/", broken), path("api/broken/", broken), path("refused/", refused)]


def get(address: str, **environ: str) -> Answer:
    with override_settings(ROOT_URLCONF=__name__):
        return ask(RequestTelemetry(WSGIHandler()), address, **environ)


@pytest.mark.parametrize("browser", [{}, {"HTTP_ACCEPT": "text/html"}])
@pytest.mark.parametrize(("address", "status"), [("/broken/", 500), ("/api/broken/", 500), ("/refused/", 503)])
def test_an_error_shows_the_id_of_its_request(db: None, address: str, status: int, browser: dict[str, str]) -> None:
    shown = get(address, **browser)

    assert shown.status == status
    assert shown.headers["X-Request-ID"] in shown.body.decode()


def test_a_program_gets_it_as_a_member(db: None) -> None:
    shown = get("/api/broken/")

    assert json.loads(shown.body)["request_id"] == shown.headers["X-Request-ID"]


def test_what_caches_give_to_others_shows_none(db: None) -> None:
    shown = get("/nothing/")

    assert (shown.status, "X-Request-ID" in shown.headers, b"request" in shown.body) == (404, False, False)


def test_a_refused_write_is_a_warning_and_no_error(db: None, caplog: pytest.LogCaptureFixture) -> None:
    get("/refused/")

    lines = [(line.levelname, line.getMessage()) for line in caplog.records if line.name == "django.request"]
    assert lines == [("WARNING", "/refused/: read-only (refused)")]
