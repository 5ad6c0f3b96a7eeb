"""The numbers of a site are for its own network."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from reliability.telemetry.wsgi import MetricsPage
from tests.integration.telemetry.wsgi import ask

ROOT = Path(__file__).parents[3]
COUNT = """
import os, sys, pathlib
from reliability.telemetry import process
process.share(pathlib.Path(sys.argv[1]))
import django
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["*"], ROOT_URLCONF="cms.config.urls")
from prometheus_client import Counter, Gauge
Counter("tries", "Tries.").inc(2)
Gauge("busy", "Busy threads.", multiprocess_mode="livesum").set(5)
from django.test import RequestFactory
from reliability.telemetry.views import metrics
print(metrics(RequestFactory().get("/metrics")).content.decode())
"""


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fd00::5"])
def test_a_caller_of_the_own_network_gets_the_numbers(db: None, address: str) -> None:
    answer = Client().get("/metrics", REMOTE_ADDR=address)

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain")
    assert b"python_info" in answer.content


@pytest.mark.parametrize(
    "request_of",
    [
        {"REMOTE_ADDR": "1.1.1.1"},
        {"REMOTE_ADDR": ""},
        {"headers": {"x-forwarded-for": "127.0.0.1"}},
        {"headers": {"forwarded": "for=127.0.0.1"}},
    ],
)
def test_a_caller_from_outside_gets_nothing(db: None, request_of: dict[str, object]) -> None:
    answer = Client().get("/metrics", **request_of)  # type: ignore[arg-type]

    assert answer.status_code == 404
    assert b"python_info" not in answer.content


def test_no_page_can_take_its_address() -> None:
    assert "metrics" in settings.RESERVED_SLUGS


def test_any_process_answers_for_all_and_the_dead_are_not_alive(tmp_path: Path) -> None:
    first, second = count(tmp_path), count(tmp_path)

    assert "tries_total 2.0" in first
    assert "tries_total 4.0" in second
    assert "busy 5.0" in second  # the first process is gone, and its threads are not busy


def count(folder: Path) -> str:
    """Count in a process of its own, and read its page."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", COUNT, str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_numbers_are_there_whatever_the_caller_calls_this_host(method: str) -> None:
    answer = ask(application, "/metrics", method=method, HTTP_HOST="10.1.2.3:8000", REMOTE_ADDR="10.9.8.7")

    assert answer.status == 200
    assert (b"# TYPE http_server_request_duration_seconds histogram" in answer.body) == (method == "GET")


def test_a_page_from_outside_does_not_reach_the_numbers(db: None) -> None:
    answer = ask(application, "/metrics", REMOTE_ADDR="10.9.8.7", HTTP_X_FORWARDED_FOR="1.1.1.1")

    assert answer.status == 404
    assert b"http_server" not in answer.body


def refuse(environ: Any, start_response: Any) -> Any:
    start_response("404 Not Found", [])
    return [b""]


application = MetricsPage(refuse)
