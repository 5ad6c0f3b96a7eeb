"""Anybody of the staff sees how much may still go wrong, with Prometheus, without it, and while it is away."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from reliability.lab.processes import free_port
from reliability.limits.breaker import Breaker
from reliability.routing import current
from reliability.slo import prometheus, queries
from reliability.slo.actions import Slot, add
from reliability.slo.budget import Events
from reliability.slo.counts import Count
from reliability.slo.measuring import summed
from reliability.slo.models import HOUR
from reliability.slo.vocabulary import catalogue
from tests.factories.slo import record_a_month
from tests.unit.routing.samples import node, primary, snapshot

PAGE = "/admin/reliability_slo/eventsum/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    queries.forget()
    prometheus.service.breaker = Breaker("prometheus")
    yield
    queries.forget()


@pytest.fixture
def cleo() -> Client:
    """Cleo is staff, and may do nothing else."""
    client = Client(headers={"host": "localhost"})
    user = User.objects.create_user("cleo@example.org", "a long password", name="Cleo")
    client.force_login(user, backend="cms.accounts.backend.GrantBackend")
    return client


class FakePrometheus(ThreadingHTTPServer):
    """Answers with what a test gives it: expression -> [(labels, value)]; everything else is empty."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.known: dict[str, list[tuple[dict[str, str], float]]] = {}
        self.asked: list[str] = []
        self.body: bytes | None = None
        self.wait = threading.Event()
        self.wait.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: FakePrometheus

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        question = {name: values[0] for name, values in parse_qs(address.query).items()}
        self.server.asked.append(question["query"])
        self.server.wait.wait(30)
        is_range = address.path.endswith("query_range")
        at = float(question["end" if is_range else "time"])
        result = [
            {"metric": labels, **({"values": [[at, str(value)]]} if is_range else {"value": [at, str(value)]})}
            for name, series in self.server.known.items()
            if name in question["query"]
            for labels, value in series
        ]
        data = {"resultType": "matrix" if is_range else "vector", "result": result}
        body = (
            json.dumps({"status": "success", "data": data}).encode() if self.server.body is None else self.server.body
        )
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name of the library)
        """Say nothing."""


@pytest.fixture
def server(settings: LazySettings) -> Iterator[FakePrometheus]:
    made = FakePrometheus()
    thread = threading.Thread(target=made.serve_forever, args=[0.01], daemon=True)
    thread.start()
    settings.SLO_PROMETHEUS_URL = made.url
    yield made
    made.wait.set()
    made.shutdown()
    made.server_close()


def shown(client: Client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_strangers_sign_in_first() -> None:
    assert Client(headers={"host": "localhost"}).get(PAGE).status_code == 302


def test_the_navigation_leads_to_it(cleo: Client) -> None:
    assert f'href="{PAGE}"' in shown_at(cleo, "/admin/")


def shown_at(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_new_site_says_that_nothing_was_measured_yet(cleo: Client) -> None:
    html = shown(cleo)

    assert html.count("Nothing was measured yet.") == 4
    assert "nothing is known of it here" in html  # the view from outside
    assert "None: at no time did so much go wrong" in html
    assert "From the sums that this site keeps itself" in html


def test_the_table_tells_minutes_days_regions_and_incidents(cleo: Client) -> None:
    record_a_month(now=timezone.now())

    html = shown(cleo)

    assert "You may have 43 minutes of trouble in 30 days; 22 used." in html
    assert "50 % left" in html
    assert "99.90 % good" in html
    assert "<strong>Readers get an answer</strong> · eu-west" in html
    assert "somebody is called" in html
    assert "style=" not in html.partition("budgets-page")[2].partition("</main>")[0]


def test_prometheus_is_asked_first_and_once_a_minute(cleo: Client, server: FakePrometheus) -> None:
    record_a_month(now=timezone.now())
    of = {"slo": "public-availability", "region": "eu-west"}
    server.known = {"slo:events:": [(of, 10_000)], "slo:bad_events:": [(of, 5)], "ALERTS": [(of, 1)]}

    html = shown(cleo)
    shown(cleo)

    assert "From Prometheus" in html
    assert "You may have 43 minutes of trouble in 30 days; 22 used." in html
    assert html.count("Nothing was measured yet.") == 3
    assert "<strong>Readers get an answer</strong> · eu-west" in html
    assert len(server.asked) == 5


def test_a_prometheus_that_does_not_answer_costs_two_seconds_once(
    cleo: Client, server: FakePrometheus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SECONDS", 0.3)
    record_a_month(now=timezone.now())
    server.wait.clear()

    html = shown(cleo)
    shown(cleo)

    assert "From the sums that this site keeps itself" in html
    assert "Prometheus could not be used: no answer (ReadTimeout)." in html
    assert "50 % left" in html
    assert len(server.asked) == 1


def test_one_that_fails_again_and_again_is_left_alone(cleo: Client, settings: LazySettings) -> None:
    settings.SLO_PROMETHEUS_URL = f"http://127.0.0.1:{free_port()}"
    for _ in range(5):
        shown(cleo)
        queries.forget()

    assert "no answer several times, so it is left alone for a while" in shown(cleo)


def test_a_prometheus_that_is_gone_is_named(cleo: Client, settings: LazySettings) -> None:
    settings.SLO_PROMETHEUS_URL = f"http://127.0.0.1:{free_port()}"

    assert "Prometheus could not be used: no answer (ConnectError)." in shown(cleo)


@pytest.mark.parametrize("body", [b"<html>", b"{}", b'{"status": "success", "data": {"resultType": "vector"}}', b"[1]"])
def test_an_answer_that_cannot_be_read_is_named(cleo: Client, server: FakePrometheus, body: bytes) -> None:
    server.body = body

    html = shown(cleo)

    assert "Prometheus could not be used: it" in html


def test_a_prometheus_without_the_rules_is_named(cleo: Client, server: FakePrometheus) -> None:
    assert "Prometheus could not be used: it has no series of these objectives." in shown(cleo)


def test_without_any_source_the_page_says_so(cleo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(summed, "look", fail)

    assert "Neither Prometheus nor the database could be asked" in shown(cleo)


@pytest.mark.postgres
def test_the_map_of_regions_is_a_part_of_it(cleo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    found = snapshot(
        primary(), node("eu-1", sampled_at=1.0), node("ap-1", is_up=False, reason="no answer within 0.3 s")
    )
    monkeypatch.setattr(current, "snapshot", lambda: found)

    html = shown(cleo)

    assert "Writes go to us-1 in us-east." in html
    assert "serves readers of eu-west" in html
    assert "no answer within 0.3 s" in html
    assert 'href="/static/routing/regions.css"' in html


@pytest.mark.sqlite
def test_one_embedded_database_has_no_map(cleo: Client) -> None:
    assert "regions-page" not in shown(cleo)


def test_the_command_tells_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    record_a_month(now=timezone.now())

    call_command("slo", "status", "--json")
    answer = json.loads(capsys.readouterr().out)
    call_command("slo", "status")
    table = capsys.readouterr().out

    assert answer["source"] == "table"
    assert {each["name"]: round(each["percent_left"]) for each in answer["objectives"]}["public-availability"] == 50
    assert "public-availability" in table
    assert "From the sums of this site." in table


def test_the_command_fails_when_an_objective_is_missed(server: FakePrometheus) -> None:
    of = {"slo": "public-availability", "region": ""}
    server.known = {"slo:events:": [(of, 1_000)], "slo:bad_events:": [(of, 5)]}

    with pytest.raises(CommandError, match="Missed: public-availability"):
        call_command("slo", "status")


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata", "Pacific/Auckland"])
def test_days_are_those_of_utc_wherever_one_looks_from(zone: str) -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    add({Slot("public-availability", "eu-west", late): Count(10, 1)}, length=HOUR)

    with timezone.override(zone):
        found, _ = summed.look(catalogue(), now=late + timedelta(minutes=20))

    days = found["public-availability"].days
    assert len(days) == 30
    assert days[-1] == (date(2026, 3, 1), Events(10, 1))
