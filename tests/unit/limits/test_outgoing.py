"""A call to another service keeps to the time there is, is repeated where that is safe, and left out while it fails."""

from collections.abc import Callable

import httpx
import pytest
from prometheus_client import REGISTRY

from reliability.limits.breaker import ServiceAway
from reliability.limits.deadline import DeadlineExceeded, deadline
from reliability.limits.outgoing import Service, ServiceBusy
from reliability.limits.retry import Attempts

URL = "http://search.example/find"
Answer = Callable[[httpx.Request], httpx.Response]


class Fake(httpx.BaseTransport):
    """A network on which every request is answered by a function, and noted."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self._answer(request)


def service(transport: Fake, *, name: str = "search") -> Service:
    return Service(name, transport=transport, attempts=Attempts(limit=3, base_seconds=0.0))


def refuse(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def test_an_answer_is_given_whatever_its_status() -> None:
    network = Fake(lambda request: httpx.Response(404, json={"found": None}))

    answer = service(network).ask("GET", URL, params={"q": "bay"})

    assert (answer.status_code, answer.json()) == (404, {"found": None})
    assert str(network.requests[0].url) == f"{URL}?q=bay"


def test_a_compressed_answer_is_read() -> None:
    import gzip

    body = gzip.compress(b"found")
    network = Fake(lambda request: httpx.Response(200, content=body, headers={"Content-Encoding": "gzip"}))

    assert service(network).ask("GET", URL).text == "found"


@pytest.mark.parametrize(("method", "expected"), [("GET", 3), ("PUT", 3), ("POST", 1), ("PATCH", 1)])
def test_only_what_may_be_sent_twice_is_sent_again(method: str, expected: int) -> None:
    network = Fake(refuse)

    with pytest.raises(httpx.ConnectError):
        service(network).ask(method, URL)

    assert len(network.requests) == expected


def test_a_busy_service_is_asked_again() -> None:
    answers = iter([503, 429, 200])
    network = Fake(lambda request: httpx.Response(next(answers)))

    assert service(network).ask("GET", URL).status_code == 200


def test_a_service_that_stays_busy_is_told_apart_from_one_that_is_gone() -> None:
    with pytest.raises(ServiceBusy, match=r"search\.example answered 503"):
        service(Fake(lambda request: httpx.Response(503))).ask("GET", URL)


def test_a_call_has_what_is_left_of_the_request() -> None:
    network = Fake(lambda request: httpx.Response(200))

    with deadline(seconds=1.5):
        service(network).ask("GET", URL)

    assert 0 < network.requests[0].extensions["timeout"]["read"] <= 1.5


def test_without_time_nothing_is_sent() -> None:
    network = Fake(refuse)

    with deadline(seconds=0), pytest.raises(DeadlineExceeded):
        service(network).ask("GET", URL)

    assert network.requests == []


def test_an_answer_that_trickles_is_given_up() -> None:
    class Trickle(httpx.SyncByteStream):
        def __iter__(self):  # type: ignore[no-untyped-def]
            while True:
                yield b"."

    with deadline(seconds=0.2), pytest.raises((httpx.ReadTimeout, httpx.ReadError)):
        service(Fake(lambda request: httpx.Response(200, stream=Trickle()))).ask("POST", URL)


def test_a_redirect_is_not_followed() -> None:
    network = Fake(lambda request: httpx.Response(302, headers={"Location": "http://169.254.169.254/"}))

    assert service(network).ask("GET", URL).status_code == 302
    assert len(network.requests) == 1


def test_a_service_that_is_down_is_left_alone() -> None:
    network = Fake(refuse)
    asked = service(network)
    for _ in range(5):
        with pytest.raises((httpx.ConnectError, ServiceAway)):
            asked.ask("POST", URL)

    with pytest.raises(ServiceAway):
        asked.ask("POST", URL)

    assert len(network.requests) == 5


def test_outcomes_are_counted_by_service() -> None:
    def count(outcome: str) -> float:
        return REGISTRY.get_sample_value("limits_outgoing_total", {"service": "counted", "outcome": outcome}) or 0.0

    asked = service(Fake(refuse), name="counted")
    for _ in range(6):
        with pytest.raises((httpx.ConnectError, ServiceAway)):
            asked.ask("POST", URL)

    assert (count("unreachable"), count("not_asked")) == (5, 1)
