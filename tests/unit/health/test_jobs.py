"""What is due in the background runs as often as it says, and its faults are its own."""

import logging

import pytest
from django.test import override_settings

from reliability.health import jobs

ran: list[str] = []


def job() -> None:
    ran.append("job")


def often() -> None:
    ran.append("often")


def broken() -> None:
    raise RuntimeError("disk full")


often.interval_seconds = 2  # type: ignore[attr-defined]


@override_settings(OPS_JOBS=[f"{__name__}.job", f"{__name__}.often"], OPS_COLLECTORS=[f"{__name__}.job"])
def test_a_job_runs_each_minute_a_collector_each_quarter_of_one_and_others_as_they_say() -> None:
    assert [seconds for _, _, seconds in jobs.due()] == [60.0, 2.0, 15.0]


@override_settings(OPS_JOBS=["tests.unit.health.test_jobs.missing"], OPS_COLLECTORS=[])
def test_a_name_that_leads_nowhere_stops_the_start() -> None:
    with pytest.raises(ImportError, match="missing"):
        jobs.start()


def test_a_fault_is_logged_and_ends_nothing(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs.connections, "close_all", lambda: ran.append("closed"))
    ran.clear()

    with caplog.at_level(logging.ERROR):
        assert not jobs.run_once("tests.broken", broken)

    assert "tests.broken failed; it runs again when it is due" in caplog.text
    assert ran == ["closed"]
    assert jobs.run_once("tests.job", job)
    assert ran == ["closed", "job", "closed"]
