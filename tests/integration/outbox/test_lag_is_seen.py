"""What waits for a consumer, and what is held back from all of them, is seen."""

import threading
from collections.abc import Sequence

import pytest
from django.db import connection, transaction

from reliability.outbox import metrics
from reliability.outbox.actions import record
from reliability.outbox.event import OutboxEvent
from reliability.outbox.queries import held_back_since
from reliability.outbox.runner import Runner
from tests.waiting import wait_until


@pytest.mark.django_db(transaction=True)
def test_a_consumer_that_fails_falls_behind_until_it_takes_what_waits() -> None:
    is_broken = [True]

    def consume(events: Sequence[OutboxEvent]) -> None:
        if is_broken[0] and events[0].kind == "happened":
            raise RuntimeError("not now")

    def failures() -> float:
        return metrics.failures.labels("tried")._value.get()

    runner, before = Runner({"tried": consume}), failures()
    runner.step()
    record([("happened", "1", {}), ("happened", "2", {})])

    wait_until(lambda: runner.step() == 0 and failures() > before)
    behind = metrics.lag_events.labels("tried")._value.get(), metrics.lag_seconds.labels("tried")._value.get()
    is_broken[0] = False
    taken = runner.step()

    assert behind[0] == 2
    assert behind[1] > 0
    assert taken == 2
    assert metrics.lag_events.labels("tried")._value.get() == 0
    assert metrics.lag_seconds.labels("tried")._value.get() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_open_transaction_holds_back_what_came_after_it() -> None:
    has_written, may_end = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record([("slow", "1", {})])
            has_written.set()
            may_end.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    has_written.wait(30)
    record([("quick", "2", {})])

    held_back = held_back_since()
    may_end.set()
    thread.join()

    assert held_back is not None
    wait_until(lambda: held_back_since() is None)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_one_writer_holds_nothing_back() -> None:
    record([("happened", "1", {})])

    assert held_back_since() is None
