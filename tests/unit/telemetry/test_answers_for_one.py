"""A request's id goes with an answer that is for its caller only."""

import pytest

from reliability.telemetry.wsgi import RequestTelemetry, is_for_one
from tests.integration.telemetry.wsgi import ask


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("no-store", True),
        ("private, max-age=60", True),
        ("public, max-age=0, s-maxage=10", False),
        ("max-age=60", False),
    ],
)
def test_the_policy_of_an_answer_decides(policy: str, expected: bool) -> None:
    assert is_for_one([("cache-control", policy)], method="GET", status=200) is expected


@pytest.mark.parametrize(
    ("method", "status", "expected"),
    [("GET", 200, False), ("HEAD", 404, False), ("POST", 200, True), ("GET", 500, True)],
)
def test_without_one_what_caches_may_assume_decides(method: str, status: int, expected: bool) -> None:
    assert is_for_one([], method=method, status=status) is expected


def test_both_ids_are_in_its_headers() -> None:
    answer = ask(RequestTelemetry(lambda environ, start: start("200 OK", [("Cache-Control", "no-store")]) or [b""]))

    trace, parent, flags = answer.headers["traceresponse"].split("-")[1:]
    assert answer.headers["X-Request-ID"] == trace
    assert (len(trace), len(parent), flags) == (32, 16, "00")
