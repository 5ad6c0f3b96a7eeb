"""Events are read in commit order, and none is passed over.

The horizon counts transactions of every database of the server, also of tests that run beside these: so they wait.
"""

import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, transaction

from reliability.outbox.actions import record
from reliability.outbox.event import START, OutboxEvent
from reliability.outbox.queries import settled_after
from reliability.outbox.runner import Runner
from tests.waiting import wait_until


def kinds(events: Sequence[OutboxEvent]) -> list[str]:
    return [event.kind for event in events]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_transaction_that_commits_late_is_not_passed_over() -> None:
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record([("slow", "1", {})])
            written.set()
            may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    written.wait(10)
    record([("quick", "2", {})])

    held_back = settled_after(START)
    may_commit.set()
    thread.join()

    assert held_back == []
    wait_until(lambda: len(settled_after(START)) == 2)
    assert kinds(settled_after(START)) == ["slow", "quick"]


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_event_never_happened() -> None:
    with transaction.atomic():
        record([("never", "1", {})])
        transaction.set_rollback(True)

    assert settled_after(START) == []


@pytest.mark.django_db(transaction=True)
def test_a_consumer_that_fails_gets_the_same_events_again_and_holds_up_nobody() -> None:
    seen: dict[str, list[str]] = {"good": [], "bad": []}
    broken = [True]

    def good(events: Sequence[OutboxEvent]) -> None:
        seen["good"] += kinds(events)

    def bad(events: Sequence[OutboxEvent]) -> None:
        if broken[0] and kinds(events) != ["outbox.started"]:
            raise RuntimeError("not now")
        seen["bad"] += kinds(events)

    runner = Runner({"bad": bad, "good": good})
    runner.step()
    record([("happened", "1", {})])
    wait_until(lambda: bool(runner.step()))
    broken[0] = False
    runner.step()

    assert seen == {"good": ["outbox.started", "happened"], "bad": ["outbox.started", "happened"]}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_writers_lose_no_event() -> None:
    seen: list[Any] = []
    runner = Runner({"all": lambda events: seen.extend(event.subject for event in events if event.kind == "load")})
    runner.step()

    def write(writer: int) -> None:
        for number in range(40):
            with transaction.atomic():
                record([("load", f"{writer}.{number}", {})])
        connection.close()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        runner.step()
    wait_until(lambda: not runner.step() and len(seen) >= 320)

    assert len(seen) == len(set(seen)) == 320
