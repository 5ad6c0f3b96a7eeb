"""A request, the task that it sends, and the call that the task makes are one trace, and say whose they are."""

from collections.abc import Iterator

import pytest

from tests.cluster.telemetry.conftest import Project, project_in
from tests.otlp import Span
from tests.waiting import wait_until

SERVER, PRODUCER, CONSUMER = 2, 4, 5


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Give the project after the request whose task calls somebody outside; all of it has ended."""
    with project_in(tmp_path_factory.mktemp("project")) as made:
        made.serve()
        worker = made.work()
        made.get("/whole/?token=secret-value", **{"user-agent": "secret-browser"})
        wait_until(lambda: any("/outside" in path for path in made.collector.paths))
        made.end(worker)
        made.end(made.web)
        yield made


@pytest.fixture
def trace(project: Project) -> dict[str, Span]:
    """Give the spans of its trace."""
    [server] = project.collector.named("GET whole/")
    spans = project.collector.of_trace(server.trace_id)
    [outside] = [span for span in spans if "url.full" in span.attributes]
    return {span.name: span for span in spans if not is_broker(span)} | {"outside": outside}


def test_a_request_its_task_and_the_call_outside_are_one_trace(project: Project, trace: dict[str, Span]) -> None:
    server, sent, ran = trace["GET whole/"], trace["apply_async/project.call"], trace["run/project.call"]

    assert (server.kind, sent.kind, ran.kind) == (SERVER, PRODUCER, CONSUMER)
    assert server.parent_id == ""
    assert sent.parent_id == server.span_id
    assert ran.parent_id == sent.span_id
    assert trace["outside"].parent_id == ran.span_id
    assert trace["SELECT sqlite_master"].parent_id == server.span_id
    assert {span.trace_id for span in trace.values()} == {server.trace_id}
    assert any(f"/outside 00-{server.trace_id}-" in path for path in project.collector.paths)


def test_each_span_says_from_where_it_comes(trace: dict[str, Span]) -> None:
    web, worker = trace["GET whole/"].resource, trace["run/project.call"].resource

    told = {"service.name": "project", "service.version": "1.2.3", "cloud.region": "eu-west",
            "deployment.colour": "green", "deployment.release": "1.2.3"}  # fmt: skip
    assert told.items() <= web.items()
    assert told.items() <= worker.items()
    assert (web["process.role"], worker["process.role"]) == ("web", "worker")
    assert web["service.instance.id"] != worker["service.instance.id"]


def test_a_request_has_the_stable_names_of_the_conventions(trace: dict[str, Span]) -> None:
    attributes = trace["GET whole/"].attributes

    assert attributes["http.request.method"] == "GET"
    assert attributes["http.response.status_code"] == 200
    assert attributes["http.route"] == "whole/"
    assert attributes["url.path"] == "/whole/"


def test_no_span_tells_who_asked_or_what_was_given(trace: dict[str, Span]) -> None:
    told = str([span.attributes for span in trace.values() if "url.full" not in span.attributes])

    assert "secret" not in told
    assert trace["GET whole/"].attributes["client.address"] == "hidden"
    assert trace["GET whole/"].attributes["url.query"] == "token="
    assert trace["SELECT sqlite_master"].attributes["db.query.text"].endswith("WHERE name = %s")


def test_log_lines_of_request_and_task_are_found_by_one_id(project: Project, trace: dict[str, Span]) -> None:
    [sends] = [line for line in project.lines("web") if line["message"] == "sends a task"]
    [access] = [line for line in project.lines("web") if line["logger"] == "access"]
    [calls] = [line for line in project.lines("worker") if line["message"] == "calls outside"]

    assert sends["trace_id"] == calls["trace_id"] == access["trace_id"] == trace["GET whole/"].trace_id
    assert sends["request_id"] == calls["request_id"] == access["request_id"]
    assert sends["span_id"] == access["span_id"] == trace["GET whole/"].span_id
    assert calls["span_id"] == trace["run/project.call"].span_id
    assert sends["trace_sampled"] is calls["trace_sampled"] is access["trace_sampled"] is True
    assert (calls["region"], calls["colour"], calls["release"]) == ("eu-west", "green", "1.2.3")


def is_broker(span: Span) -> bool:
    """Leave out what Celery and the cache say to Redis: how much that is, is their business."""
    return span.attributes.get("db.system.name") == "redis"
