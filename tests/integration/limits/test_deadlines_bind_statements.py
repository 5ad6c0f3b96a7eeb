"""A request that has used up its time gets no more of the database's, on either engine."""

import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from reliability.limits.deadline import deadline

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000000) SELECT count(*) FROM n"
GENEROUS_SECONDS = 4.0
"""Far less than the statement takes, and far more than a machine under load needs to end it."""


def endless(request: HttpRequest) -> HttpResponse:
    """Ask what takes minutes, in a request that has half a second."""
    with deadline(seconds=0.5), connection.cursor() as cursor:
        try:
            cursor.execute(ENDLESS)
        except OperationalError as error:
            return HttpResponse(type(error.__cause__).__name__, status=503)
    return HttpResponse("done")


def late(request: HttpRequest) -> HttpResponse:
    """Fail for want of time, with the deadline of the server still around."""
    with connection.cursor() as cursor:
        cursor.execute(ENDLESS)
    return HttpResponse("done")


urlpatterns = [path("endless", endless), path("late", late)]


@pytest.fixture(autouse=True)
def _addresses() -> Iterator[None]:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def timed(call: Any) -> tuple[Any, float]:
    began = time.monotonic()
    return call(), time.monotonic() - began


def test_a_view_that_asks_for_too_much_ends_at_its_deadline() -> None:
    answer, took = timed(lambda: Client().get("/endless"))

    assert answer.status_code == 503
    assert 0.4 < took < GENEROUS_SECONDS


def test_people_are_told_that_it_took_too_long() -> None:
    with deadline(seconds=0.5):
        answer, took = timed(lambda: Client(raise_request_exception=False).get("/late"))

    assert (answer.status_code, took < GENEROUS_SECONDS) == (503, True)
    assert answer.json()["type"] == "/problems/timeout"
    assert "Retry-After" in answer.headers


def test_after_the_deadline_the_connection_works_as_before() -> None:
    Client().get("/endless")

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


def test_with_time_to_spare_nothing_is_bound() -> None:
    with deadline(seconds=60), connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert not is_bound()


def test_a_commit_is_not_hurried() -> None:
    with deadline(seconds=2.0), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert is_bound() == (connection.vendor == "postgresql")

    assert not is_bound()


@pytest.mark.postgres
def test_the_next_request_gets_the_limit_of_its_role() -> None:
    with deadline(seconds=1.0), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()

    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("15s",)


@pytest.mark.postgres
def test_a_failed_transaction_can_be_ended_after_the_deadline() -> None:
    with pytest.raises(OperationalError), deadline(seconds=0.3), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ENDLESS)

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)


@pytest.mark.sqlite
def test_a_wait_for_a_lock_ends_at_the_deadline() -> None:
    name = connections["default"].settings_dict["NAME"]
    other = sqlite3.connect(name, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with deadline(seconds=0.5):
            outcome, took = timed(write)
    finally:
        other.rollback()
        other.close()

    assert (outcome, took < GENEROUS_SECONDS) == ("OperationalError", True)
    assert write() == ""


def write() -> str:
    """Take the lock of the file; gives the class of the error."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError as error:
        return type(error).__name__
    return ""


def is_bound() -> bool:
    return bool(getattr(connection.connection, "is_bound", False))
