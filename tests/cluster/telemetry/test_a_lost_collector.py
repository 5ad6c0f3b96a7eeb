"""A collector that is away or slow costs no reader anything, and no end its time; what is lost is counted."""

import time

import pytest

from tests.cluster.telemetry.conftest import Project
from tests.waiting import wait_until

DROPPED = 'telemetry_spans_dropped_total{reason="not taken"}'
END_SECONDS = 8
"""Far below the 30 s that the library takes by itself; how much it is, `make bench BENCH=telemetry` tells."""


def lose(project: Project, how: str) -> None:
    if how == "away":
        project.environment["PROJECT_COLLECTOR"] = "http://127.0.0.1:9"
    elif how == "slow":
        project.collector.delay_seconds = 20
    else:
        project.collector.status = 503


@pytest.mark.parametrize("how", ["away", "slow", "busy"])
def test_nobody_waits_for_it(project: Project, how: str) -> None:
    lose(project, how)
    project.serve()

    began = time.monotonic()
    for _ in range(40):
        assert project.get("/plain/").status_code == 200
    assert time.monotonic() - began < 10

    began = time.monotonic()
    project.end(project.web)
    assert time.monotonic() - began < END_SECONDS


def test_what_is_lost_is_counted_and_told_once(project: Project) -> None:
    lose(project, "busy")
    project.environment["OTEL_BSP_SCHEDULE_DELAY"] = "100"
    project.serve("--workers=1")

    project.get("/plain/")
    wait_until(lambda: project.metric(DROPPED) == 1)
    project.get("/plain/")
    wait_until(lambda: project.metric(DROPPED) == 2)

    told = [line for line in project.lines("web") if "does not take spans" in line["message"]]
    assert [line["level"] for line in told] == ["WARNING"]
    assert "opentelemetry" not in project.output("web")
