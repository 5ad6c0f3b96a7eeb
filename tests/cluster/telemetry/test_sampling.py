"""Who decides what is traced? We do; only trusted proxies and signed wishes have a say."""

import time

import httpx
import pytest

from reliability.telemetry.sampling import sign_wish
from tests.cluster.telemetry.conftest import Project

TRACE = "0af7651916cd43dd8448eb211c80319c"
SAMPLED = f"00-{TRACE}-b7ad6b7169203331-01"
UNSAMPLED = f"00-{TRACE}-b7ad6b7169203331-00"


def ask(project: Project, **headers: str) -> httpx.Response:
    """Send a request, and end the server so that every span has arrived."""
    project.serve()
    answer = project.get("/plain/", **headers)
    project.end(project.web)
    return answer


def access_line(project: Project) -> dict[str, object]:
    [line] = [line for line in project.lines("web") if line["logger"] == "access"]
    return line


def test_a_stranger_does_not_join_our_traces(project: Project) -> None:
    project.environment["PROJECT_RATIO"] = "0"

    ask(project, traceparent=SAMPLED, tracestate="a=1", **{"x-request-id": "mine"})

    assert project.collector.spans == []
    assert access_line(project)["trace_id"] != TRACE
    assert access_line(project)["request_id"] != "mine"


@pytest.mark.parametrize(("parent", "spans"), [(SAMPLED, 1), (UNSAMPLED, 0)])
def test_a_trusted_proxy_decides_for_its_traces(project: Project, parent: str, spans: int) -> None:
    project.environment |= {"PROJECT_RATIO": "0.5", "PROJECT_PROXIES": "127.0.0.0/8"}

    ask(project, traceparent=parent, **{"x-request-id": "of-the-proxy"})

    assert len(project.collector.named("GET plain/")) == spans
    assert all(span.parent_id == "b7ad6b7169203331" for span in project.collector.spans)
    line = access_line(project)
    assert (line["trace_id"], line["request_id"]) == (TRACE, "of-the-proxy")
    assert line["trace_sampled"] is bool(spans)


def test_a_signed_wish_is_traced_until_it_is_over(project: Project) -> None:
    project.environment["PROJECT_RATIO"] = "0"
    now = int(time.time())
    wishes = {
        "signed": sign_wish(until=now + 600, key="of the tests"),
        "over": sign_wish(until=now - 1, key="of the tests"),
        "forged": sign_wish(until=now + 600, key="of somebody else"),
    }

    project.serve()
    for kind, wish in wishes.items():
        project.get(f"/plain/?{kind}", **{"x-debug-trace": wish})
    project.end(project.web)

    assert [span.attributes["url.query"] for span in project.collector.named("GET plain/")] == ["signed="]


def test_nothing_is_traced_without_a_collector(project: Project) -> None:
    project.environment["PROJECT_COLLECTOR"] = ""

    ask(project)

    assert project.collector.paths == []
    assert access_line(project)["trace_sampled"] is False
    assert len(str(access_line(project)["trace_id"])) == 32
