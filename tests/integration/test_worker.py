"""A worker of its own hears of changes, as a web server does: what it knows of sites, types and flags stays current."""

from types import SimpleNamespace

import pytest
from celery.signals import task_prerun

from reliability.flags import process as flags
from reliability.outbox import runner


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    monkeypatch.setattr(runner, "ensure_started", lambda: names.append("outbox"))
    monkeypatch.setattr(flags, "ensure_started", lambda: names.append("flags"))
    return names


def run(*, is_eager: bool) -> None:
    task_prerun.send(sender=None, task=SimpleNamespace(request=SimpleNamespace(is_eager=is_eager)))


def test_the_first_task_of_a_process_starts_its_threads(started: list[str]) -> None:
    run(is_eager=False)

    assert started == ["outbox", "flags"]


def test_an_eager_task_starts_nothing(started: list[str]) -> None:
    run(is_eager=True)

    assert started == []
