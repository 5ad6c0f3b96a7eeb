"""No span is lost while the collector is well: not at the end, not at a reload, not when a child is replaced."""

import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cluster.telemetry.conftest import Project
from tests.waiting import wait_until

REQUESTS = 60


def send(project: Project, count: int = REQUESTS) -> None:
    with ThreadPoolExecutor(8) as clients:
        assert {answer.status_code for answer in clients.map(project.get, ["/plain/"] * count)} == {200}


@pytest.mark.parametrize("options", [(), ("--preload",)], ids=["forked", "preloaded"])
def test_every_span_of_a_server_arrives_when_it_ends(project: Project, options: tuple[str, ...]) -> None:
    project.serve(*options)

    send(project)
    project.end(project.web)

    spans = project.collector.named("GET plain/")
    assert len(spans) == REQUESTS
    assert len({span.trace_id for span in spans}) == REQUESTS
    by_process = {span.resource["process.pid"]: span.resource["service.instance.id"] for span in spans}
    assert len(set(by_process.values())) == len(by_process)


def test_every_span_arrives_when_the_server_is_reloaded(project: Project) -> None:
    project.serve()
    assert project.web is not None

    send(project)
    project.web.send_signal(signal.SIGHUP)
    wait_until(lambda: len(project.collector.named("GET plain/")) == REQUESTS)
    send(project)
    project.end(project.web)

    assert len(project.collector.named("GET plain/")) == 2 * REQUESTS


@pytest.mark.parametrize(
    "options", [(), ("--max-tasks-per-child=1",), ("--pool=solo",)], ids=["end", "recycled", "solo"]
)
def test_every_span_of_a_task_arrives(project: Project, options: tuple[str, ...]) -> None:
    project.serve()
    worker = project.work(*options)

    for _ in range(6):
        project.get("/whole/")
    wait_until(lambda: len([path for path in project.collector.paths if "/outside" in path]) == 6)
    project.end(worker)

    assert len(project.collector.named("run/project.call")) == 6
