"""Each instance adds what it counted; minutes become hours, and hours are forgotten."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connections
from django.test import RequestFactory
from django.utils import timezone

from reliability.slo import actions, recorder
from reliability.slo.actions import Slot, add, fold, forget
from reliability.slo.counts import Count
from reliability.slo.models import HOUR, EventSum
from reliability.slo.recorder import Recorder
from reliability.slo.vocabulary import catalogue
from reliability.telemetry.wsgi import RequestTelemetry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 27, 12, 34, tzinfo=UTC)
NAME = "public-availability"


def slot(back: timedelta = timedelta(), region: str = "eu-west") -> Slot:
    return Slot(NAME, region, NOW - back)


def rows() -> list[tuple[Any, ...]]:
    return list(EventSum.objects.order_by("began_at", "region").values_list("began_at", "seconds", "total", "bad"))


def test_instances_of_a_region_add_up() -> None:
    add({slot(): Count(10, 1)})
    add({slot(): Count(5, 2), slot(region="us-east"): Count(1, 0)})

    assert rows() == [(NOW, 60, 15, 3), (NOW, 60, 1, 0)]


def test_nothing_is_no_row() -> None:
    add({slot(): Count(0, 0)})

    assert rows() == []


@pytest.mark.parametrize("count", [Count(1, 2), Count(5, -1)])
def test_more_bad_ones_than_events_are_refused(count: Count) -> None:
    with pytest.raises(IntegrityError):
        add({slot(): count})


@pytest.mark.django_db(transaction=True)
def test_instances_that_add_at_once_lose_nothing() -> None:
    def many() -> None:
        for _ in range(20):
            add({slot(): Count(1, 1), slot(region="us-east"): Count(1, 0)})
        connections.close_all()

    threads = [threading.Thread(target=many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [row[2:] for row in rows()] == [(80, 80), (80, 0)]


def test_minutes_become_hours_after_two_days() -> None:
    old = timedelta(days=2, hours=1)
    add({slot(): Count(7, 0), slot(old): Count(10, 1), slot(old - timedelta(minutes=5)): Count(20, 2)})

    gone = fold(now=NOW)

    hour = (NOW - old).replace(minute=0)
    assert gone == 2
    assert rows() == [(hour, 3600, 30, 3), (NOW, 60, 7, 0)]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu"])
def test_hours_are_those_of_utc(zone: str) -> None:
    """Half of the hours of India begin in the middle of one."""
    old = NOW - timedelta(days=3)
    add({Slot(NAME, "eu-west", old.replace(minute=each)): Count(1, 0) for each in (10, 50)})

    with timezone.override(zone):
        fold(now=NOW)

    assert rows() == [(old.replace(minute=0), 3600, 2, 0)]


def test_a_minute_that_comes_late_joins_its_hour() -> None:
    old = timedelta(days=3)
    add({slot(old): Count(10, 1)})
    fold(now=NOW)
    add({slot(old): Count(1, 1)})

    fold(now=NOW)

    assert [row[1:] for row in rows()] == [(3600, 11, 2)]


def test_folding_goes_on_where_a_batch_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "BATCH", 2)
    add({slot(timedelta(days=3, minutes=each)): Count(1, 0) for each in range(3)})

    assert (fold(now=NOW), fold(now=NOW), fold(now=NOW)) == (2, 1, 0)
    assert [row[1:] for row in rows()] == [(3600, 3, 0)]


def test_what_is_older_than_forty_days_is_forgotten() -> None:
    add({slot(timedelta(days=41)): Count(1, 0), slot(timedelta(days=39)): Count(2, 0)}, length=HOUR)

    assert forget(now=NOW) == 1
    assert [row[2] for row in rows()] == [2]


@pytest.mark.parametrize(("status", "bad"), [("200 OK", 0), ("503 Service Unavailable", 1)])
def test_a_request_that_telemetry_saw_is_in_the_sums(status: str, bad: int) -> None:
    def answer(environ: Any, start_response: Any) -> list[bytes]:
        start_response(status, [("Cache-Control", "no-store")])
        return [b""]

    record = Recorder()
    record()
    RequestTelemetry(answer)(RequestFactory().get("/nothing/").environ, lambda *args: None).close()  # type: ignore[attr-defined]
    record()

    found = EventSum.objects.get(objective=NAME)
    assert (found.total, found.bad, found.region) == (1, bad, "us-east")


def test_what_was_counted_before_the_first_look_is_not_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that is started again must not add what its predecessor has written."""
    counted = [{NAME: Count(100, 10)}, {NAME: Count(103, 11)}]
    monkeypatch.setattr(recorder, "count", lambda *args: counted.pop(0))

    record = Recorder()
    record()
    record()

    assert [row[2:] for row in rows()] == [(3, 1)]


def test_sums_wait_while_the_database_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    counted = [{NAME: Count(0, 0)}, {NAME: Count(5, 1)}, {NAME: Count(8, 1)}]
    monkeypatch.setattr(recorder, "count", lambda *args: counted.pop(0))
    record = Recorder()
    record()

    with monkeypatch.context() as broken:
        broken.setattr(actions, "add", _fail)
        record()
    record()

    assert sum(row[2] for row in rows()) == 8


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "PENDING_MAX", 2)
    monkeypatch.setattr(actions, "add", _fail)
    record = Recorder()
    for minute in range(5):
        record._note({NAME: Count(minute, 0)}, NOW + timedelta(minutes=minute))

    assert [each.began_at.minute for each in record._pending] == [37, 38]


def test_every_objective_that_can_be_counted_here_is(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {sample.name for sample in recorder.samples(catalogue())}

    assert {"http_server_request_duration_seconds_count", "cms_publish_visible_seconds_count"} <= names


def _fail(*args: object, **kwargs: object) -> None:
    raise DatabaseError
