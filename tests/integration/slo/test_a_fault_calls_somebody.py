"""From a fault in the real site to the page, and to its end: Prometheus, Alertmanager, and PagerDuty's rules.

All windows are a hundred and twenty times shorter than in production; nothing else is different.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import yaml
from django.conf import settings
from django.db import connection

from reliability.lab.links import Link, network
from reliability.lab.monitoring import alertmanager, prometheus
from reliability.slo import alertmanager as routes
from reliability.slo import vocabulary, writing
from reliability.slo.objectives import Catalogue, Channels
from reliability.slo.windows import Scale
from tests.factories.site import make_world
from tests.integration.slo.site import Reader, Site, site
from tests.pagerduty import ENQUEUE, Receiver, faults_of, receiver
from tests.waiting import wait_until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
COMPRESS = Scale(120)
SCRAPE = "500ms"
KEY = "0123456789abcdef0123456789abcdef"
PAGE, TICKET = "SloPublicAvailabilityPage", "SloPublicAvailabilityTicket"


@dataclass
class Watched:
    """The site with everything that watches it."""

    site: Site
    database: Link
    receiver: Receiver
    alerts: str
    """Address of Alertmanager."""
    began: float

    def states(self, alert: str) -> set[str]:
        """Ask Alertmanager what it does with an alert: active, or suppressed."""
        found = httpx.get(f"{self.alerts}/api/v2/alerts", params={"filter": f"alertname={alert}"}, timeout=5).json()
        return {each["status"]["state"] for each in found}

    def say(self, what: str, at: float | None = None) -> None:
        """Add a line to the log of the moments."""
        print(f"{(at or time.monotonic()) - self.began:6.1f} s  {what}")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    began = time.monotonic()
    make_world()
    with ExitStack() as stack:
        database = stack.enter_context(network()).open(target=int(connection.settings_dict["PORT"]), name="database")
        name = connection.settings_dict["NAME"]
        url = f"postgres://cms@127.0.0.1:{database.port}/{name}"
        redis = settings.CELERY_BROKER_URL
        watched = stack.enter_context(site(tmp_path, CMS_DATABASE_URL=url, CMS_REDIS_URL=redis))
        watched.serve()
        incoming = stack.enter_context(receiver())
        alerts = stack.enter_context(alertmanager(routing(incoming, tmp_path)))
        stack.enter_context(prometheus(scraping(watched, alerts.url, tmp_path)))
        yield Watched(watched, database, incoming, alerts.url, began)


def objectives(incoming: Receiver, folder: Path) -> Catalogue:
    """Give the product's objectives, with the receiver in place of the world."""
    key = folder / "pagerduty-key"
    key.write_text(KEY)
    channels = Channels(
        pagerduty_key_file=str(key),
        tickets_url=f"{incoming.url}/tickets",
        watchdog_url=f"{incoming.url}/watchdog",
        pagerduty_url=f"{incoming.url}{ENQUEUE}",
    )
    return replace(vocabulary.catalogue(), channels=channels)


def routing(incoming: Receiver, folder: Path) -> str:
    return writing.as_yaml(routes.configuration(objectives(incoming, folder), COMPRESS))


def scraping(watched: Site, alerts: str, folder: Path) -> str:
    """Scrape the site as in production, with its region from the configuration, and evaluate the generated rules."""
    files = writing.files(vocabulary.catalogue(), COMPRESS)
    for name in (writing.OBJECTIVES, writing.STANDING):
        (folder / Path(name).name).write_text(files[name])
    target = {"targets": [f"127.0.0.1:{watched.port}"], "labels": {"region": "eu-west", "release": "1.0.0"}}
    configuration = {
        "global": {"scrape_interval": SCRAPE, "scrape_timeout": SCRAPE, "evaluation_interval": SCRAPE},
        "rule_files": [str(folder / Path(name).name) for name in (writing.OBJECTIVES, writing.STANDING)],
        "scrape_configs": [{"job_name": "cms", "static_configs": [target]}],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [alerts.removeprefix("http://")]}]}]},
    }
    return yaml.safe_dump(configuration)


def pages(incoming: Receiver, action: str) -> list[tuple[float, dict[str, object]]]:
    """Give the events of the alert that the story is about."""
    triggers = {event["dedup_key"] for _, event in incoming.found("trigger") if event["payload"]["class"] == PAGE}
    return [(at, event) for at, event in incoming.found(action) if event["dedup_key"] in triggers]


def test_a_lost_database_calls_somebody_and_its_return_ends_the_call(watched: Watched) -> None:
    incoming = watched.receiver
    with Reader(f"{watched.site.url}/", pause_seconds=0.04).reading() as reader:
        wait_until(
            lambda: len(reader.seen) > 60 and bool(incoming.posted_to("/watchdog")),
            or_show=lambda: str(reader.seen[-5:]) + watched.site.log("web"),
        )
        assert {status for _, status in reader.seen} == {200}
        watched.say("the site serves, and the watchdog is heard")

        watched.database.refuse()
        cut = time.monotonic()
        watched.say("the database is cut off", cut)
        wait_until(lambda: bool(pages(incoming, "trigger")), or_show=lambda: watched.site.log("web"))
        [(called, trigger), *_] = pages(incoming, "trigger")
        watched.say("the first reader gets an error", reader.first(error=True, after=cut))
        watched.say(f"somebody is called: {trigger['payload']['summary']}", called)

        watched.database.heal()
        healed = time.monotonic()
        watched.say("the database is back", healed)
        wait_until(lambda: reader.first(error=False, after=healed) is not None)
        watched.say("the first reader gets an answer", reader.first(error=False, after=healed))
        wait_until(lambda: watched.states(TICKET) == {"suppressed"}, or_show=lambda: str(watched.states(TICKET)))
        watched.say("the ticket of the same objective is kept quiet")
        wait_until(lambda: bool(pages(incoming, "resolve")))
        [(ended, resolve), *_] = pages(incoming, "resolve")
        watched.say("the call ends", ended)

    assert incoming.faults == []
    assert trigger["routing_key"] == resolve["routing_key"] == KEY
    assert trigger["dedup_key"] == resolve["dedup_key"]
    payload = trigger["payload"]
    assert payload["severity"] == "critical"
    assert payload["summary"] == "Readers get an answer: the error budget burns fast in eu-west"
    assert (payload["class"], payload["component"], payload["group"]) == (PAGE, "public-availability", "eu-west")
    assert trigger["links"] == [{"href": f"https://runbooks.example.org/cms/{PAGE}.md", "text": "Runbook"}]


@pytest.mark.parametrize(
    ("event", "fault"),
    [
        ({"routing_key": "short", "event_action": "resolve", "dedup_key": "a"}, "routing_key"),
        ({"routing_key": KEY, "event_action": "fire", "dedup_key": "a"}, "event_action"),
        ({"routing_key": KEY, "event_action": "resolve"}, "dedup_key"),
        ({"routing_key": KEY, "event_action": "trigger"}, "payload must"),
        ({"routing_key": KEY, "event_action": "trigger", "payload": {"source": "a", "severity": "info"}}, "summary"),
        (
            {
                "routing_key": KEY,
                "event_action": "trigger",
                "payload": {"source": "a", "severity": "bad", "summary": "s"},
            },
            "severity",
        ),
    ],
)
def test_the_receiver_is_strict(event: dict[str, object], fault: str) -> None:
    assert fault in faults_of(event)[0]
