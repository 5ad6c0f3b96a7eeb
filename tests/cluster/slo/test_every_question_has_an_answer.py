"""Whatever dashboards, alerts and rules ask, the real site under load answers with data."""

import math
import re
import time
from typing import Any

import httpx
from django.utils import timezone
from prometheus_client import REGISTRY

from reliability.slo import dashboards, rules, vocabulary
from reliability.slo.alert import Alert
from reliability.slo.measuring import monitored
from tests.cluster.slo.conftest import Region
from tests.cluster.slo.load import load, refuse_a_write
from tests.waiting import wait_until

FILLED_IN = {"$__rate_interval": "20s", "$region": ".*"}
LIMIT_SECONDS = 150
LONG_SECONDS = 300
METRIC = re.compile(r"\b[a-z][a-z0-9_]*_[a-z0-9_]+\b(?!\s*\(|=|!)|\bslo:[a-z0-9_:]+\b|\bup\b")
TEXT = re.compile(r'"[^"]*"')
FROM_OUTSIDE = {"probe_success", "probe_ssl_earliest_cert_expiry"}
"""Of the blackbox exporter, which does not run here."""
OBJECTIVES = {"public-availability", "public-latency", "manage-availability", "publish-visible"}
RARE = {"routing_lost_writes_total", "routing_sync_standbys"}
"""They have series only after a failover, and where commits need a standby."""


def test_panels_marks_rules_alerts_and_the_page_find_their_data(region: Region) -> None:
    """One test, for starting all of it takes longer than asking."""
    refuse_a_write(region)
    with load(region):
        empty = ask_until_answered(region, panels())
        assert not empty, "\n".join([*sorted(empty), region.troubles()])
        for recorded in ("slo_error_budget_remaining_ratio", "slo:bad_ratio:rate3d"):
            wait_until(lambda name=recorded: objectives_of(region, name) >= OBJECTIVES, or_show=region.troubles)
        for mark in ("Releases", "Kills"):
            query = annotations()[mark]
            wait_until(lambda asked=query: bool(region.ask(asked, seconds=LONG_SECONDS)), or_show=region.troubles)
        wait_until(lambda: not unseen(region), or_show=lambda: f"{unseen(region)}\n{region.troubles()}")

    assert not has_data(region.ask("sum by (nobody) (a_metric_that_is_misspelt)"))
    figures, _ = monitored.look(region.prometheus.url, now=timezone.now())
    assert figures["public-availability"].events.total > 0
    assert [name for name, _ in figures["public-availability"].regions] == ["eu-west"]


def unseen(region: Region) -> set[str]:
    """Find what alerts read and nobody has scraped, but for rare events and what comes from outside."""
    return read_by_alerts() - FROM_OUTSIDE - RARE - seen(region)


def objectives_of(region: Region, recorded: str) -> set[str]:
    """Find the objectives of which a rule has recorded something: each rule has its own moment."""
    return {each["metric"]["slo"] for each in region.ask(recorded, seconds=LONG_SECONDS)}


def test_what_alerts_read_of_rare_events_is_declared() -> None:
    declared = {f"{metric.name}_total" if metric.type == "counter" else metric.name for metric in REGISTRY.collect()}

    assert declared >= RARE
    assert read_by_alerts() >= {"up", "slo:bad_ratio:rate1h", "outbox_lag_seconds", *RARE, *FROM_OUTSIDE}


def test_a_panel_of_nothing_but_nan_is_empty() -> None:
    assert not has_data([{"values": [[0, "NaN"]]}])
    assert has_data([{"values": [[0, "NaN"], [1, "0"]]}])


def ask_until_answered(region: Region, questions: dict[str, str]) -> dict[str, str]:
    """Ask all of them again and again; gives those without data at the end."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while questions and time.monotonic() < deadline:
        questions = {name: query for name, query in questions.items() if not has_data(region.ask(query))}
        time.sleep(1)
    return questions


def has_data(series: list[dict[str, Any]]) -> bool:
    """Tell whether any value is a number."""
    return any(not math.isnan(float(value)) for each in series for _, value in each["values"])


def panels() -> dict[str, str]:
    """Give every query of every panel, by dashboard and title."""
    return {
        f"{dashboard['title']}: {panel['title']} ({target['refId']})": filled_in(target["expr"])
        for dashboard in dashboards.all_of(vocabulary.catalogue())
        for panel in dashboard["panels"]
        for target in panel.get("targets", ())
    }


def annotations() -> dict[str, str]:
    """Give the queries of the marks, which are the same on every dashboard."""
    first = dashboards.all_of(vocabulary.catalogue())[0]
    return {each["name"]: each["expr"] for each in first["annotations"]["list"]}


def filled_in(expression: str) -> str:
    """Fill in the variables, as Grafana does."""
    for name, value in FILLED_IN.items():
        expression = expression.replace(name, value)
    return expression


def read_by_alerts() -> set[str]:
    """Find the names of metrics in the expressions of all alerts."""
    return {name for alert in rules.all_alerts(vocabulary.catalogue()) for name in metrics_of(alert)}


def metrics_of(alert: Alert) -> set[str]:
    return set(METRIC.findall(TEXT.sub('""', alert.expression)))


def seen(region: Region) -> set[str]:
    """Ask Prometheus for every name that it has met."""
    answer = httpx.get(f"{region.prometheus.url}/api/v1/label/__name__/values", timeout=10).json()
    return set(answer["data"])
