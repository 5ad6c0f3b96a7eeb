"""What the four paths answer; above all, what never takes a process out of service."""

from dataclasses import replace
from typing import Any

import pytest

from reliability.health import verdicts
from reliability.health.beats import Beat
from reliability.health.probes import Standing
from reliability.health.verdicts import Picture

NOW = 1000.0
WEB = Beat(role="web", pid=11, at=NOW - 1, is_started=True)


def lost(name: str, *affects: Any, seconds: float, scope: Any = "shared") -> Standing:
    """Give a probe that has failed for some seconds."""
    return Standing(name=name, scope=scope, affects=affects, status="fail", at=NOW, bad_since=NOW - seconds)


def picture(*beats: Beat, shared: list[Standing] | None = None, **more: Any) -> Picture:
    return Picture(now=NOW, beats=beats or (WEB,), shared=shared or [], **more)


READS = lost("reads", "startup", "region", seconds=3600)
WRITES = lost("writes", "writes", seconds=3600)
QUEUE = lost("redis", seconds=3600)


def test_an_instance_that_is_well_says_yes_everywhere() -> None:
    here = picture()

    answers = [decide(here).status for decide in (verdicts.live, verdicts.started, verdicts.ready, verdicts.region)]

    assert answers == ["pass"] * 4


@pytest.mark.parametrize("outage", [READS, WRITES, QUEUE])
def test_a_shared_outage_of_an_hour_neither_restarts_a_process_nor_takes_it_out_of_service(outage: Standing) -> None:
    here = picture(shared=[outage])

    assert verdicts.live(here).status == "pass"
    assert verdicts.started(here).status == "pass"
    assert verdicts.ready(here) == verdicts.Verdict("warn", (f"{outage.name}: fail",))


@pytest.mark.parametrize(("seconds", "expected"), [(29.9, "warn"), (30.0, "fail")])
def test_a_region_is_given_up_when_no_database_was_readable_for_half_a_minute(seconds: float, expected: str) -> None:
    here = picture(shared=[lost("reads", "region", seconds=seconds)])

    assert verdicts.region(here).status == expected


@pytest.mark.parametrize(("seconds", "expected"), [(59.9, "warn"), (60.0, "fail")])
def test_a_region_is_no_place_for_writes_when_they_failed_for_a_minute(seconds: float, expected: str) -> None:
    here = picture(shared=[lost("writes", "writes", seconds=seconds)])

    assert verdicts.region(here, for_writes=True).status == expected
    assert verdicts.region(here).status == "warn"


def test_a_region_without_a_ready_process_is_given_up() -> None:
    assert verdicts.region(picture(replace(WEB, is_draining=True))).status == "fail"


@pytest.mark.parametrize(("age", "expected"), [(5.0, "pass"), (5.1, "fail")])
def test_an_instance_whose_only_process_stands_still_is_dead(age: float, expected: str) -> None:
    assert verdicts.live(picture(replace(WEB, at=NOW - age))).status == expected


def test_one_process_that_moves_keeps_an_instance_alive() -> None:
    assert verdicts.live(picture(replace(WEB, at=NOW - 60), replace(WEB, pid=12))).status == "pass"


def test_a_process_that_ends_takes_no_more_requests() -> None:
    assert verdicts.ready(picture(replace(WEB, is_draining=True))).reasons == (verdicts.DRAINING,)
    assert verdicts.ready(picture(is_draining=True)).reasons == (verdicts.DRAINING,)


def test_an_instance_is_ready_while_one_of_its_processes_is() -> None:
    assert verdicts.ready(picture(replace(WEB, is_draining=True), replace(WEB, pid=12))).status == "pass"


def test_the_heartbeat_of_a_task_worker_does_not_stand_in_for_a_web_process() -> None:
    worker = Beat(role="worker", pid=12, at=NOW, is_started=True)

    assert verdicts.ready(picture(replace(WEB, at=NOW - 60), worker)).reasons == (verdicts.NO_WORKER,)


def test_where_there_are_only_task_workers_they_are_what_is_ready() -> None:
    assert verdicts.ready(picture(Beat(role="worker", pid=12, at=NOW, is_started=True))).status == "pass"


def test_a_local_fault_that_affects_readiness_takes_the_process_out_of_service() -> None:
    broken = lost("keys", "ready", seconds=1, scope="local")

    assert verdicts.ready(picture(replace(WEB, standings=(broken,)))).status == "fail"


def test_a_process_that_boots_is_alive_and_says_what_it_waits_for() -> None:
    here = picture(replace(WEB, is_started=False, waits_for=("probe reads (OperationalError)",)))

    assert verdicts.live(here).status == "pass"
    assert verdicts.started(here) == verdicts.Verdict("fail", ("waits for probe reads (OperationalError)",))
    assert verdicts.ready(here).status == "fail"


def test_what_was_started_once_stays_started() -> None:
    here = picture(replace(WEB, is_started=False), has_started=True)

    assert verdicts.started(here).status == "pass"


def test_of_a_local_probe_the_worst_process_counts() -> None:
    full = Standing(name="state", status="warn", at=NOW, error="")
    here = picture(replace(WEB, standings=(replace(full, status="pass"),)), replace(WEB, pid=12, standings=(full,)))

    assert [(each.name, each.status) for each in here.standings] == [("state", "warn")]
