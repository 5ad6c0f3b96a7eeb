"""A process works on as many requests as it has slots; a few more wait a moment, all others are told to come back."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from wsgiref.util import FileWrapper

import pytest

from reliability.limits.capacity import room, threads
from reliability.limits.deadline import remaining
from reliability.limits.slots import Gate, Slots
from tests.waiting import wait_until

Environ = dict[str, Any]


class Site:
    """A WSGI application whose requests stay until they are let go."""

    def __init__(self) -> None:
        self.inside = 0
        self.gone = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self._lock:
            self.inside += 1
        self.gone.wait(30)
        start_response("200 OK", [])
        return [b"done"]


def ask(application: Any, **environ: Any) -> tuple[str, dict[str, str], bytes]:
    """Send a request as a server does, and close the body at the end."""
    told: list[Any] = []
    body = application({"PATH_INFO": "/page/", **environ}, lambda *arguments: told.extend(arguments))
    try:
        content = b"".join(body)
    finally:
        getattr(body, "close", lambda: None)()
    return told[0], dict(told[1]), content


@contextmanager
def filled(site: Site, application: Slots, count: int) -> Iterator[list[tuple[str, dict[str, str], bytes]]]:
    """Keep so many requests in the site; gives the list in which their answers will be."""
    answers: list[tuple[str, dict[str, str], bytes]] = []
    asking = [threading.Thread(target=lambda: answers.append(ask(application))) for _ in range(count)]
    for each in asking:
        each.start()
    wait_until(lambda: site.inside == count)
    yield answers
    site.gone.set()
    for each in asking:
        each.join()


def test_when_all_slots_are_taken_the_next_is_refused_with_a_time_to_come_back() -> None:
    site = Site()
    slots = Slots(site, slots=2, seconds=30, wait=0)

    with filled(site, slots, 2) as answers:
        status, headers, body = ask(slots)

    assert (status, headers["Content-Type"]) == ("503 Service Unavailable", "application/problem+json")
    assert 1 <= int(headers["Retry-After"]) <= 4
    assert headers["Cache-Control"] == "no-store"
    assert json.loads(body)["type"] == "/problems/busy"
    assert json.loads(body)["instance"] == "/page/"
    assert [answer[0] for answer in answers] == ["200 OK"] * 2


def test_a_browser_is_refused_with_a_page() -> None:
    site = Site()
    slots = Slots(site, slots=1, seconds=30, wait=0)

    with filled(site, slots, 1):
        _, headers, page = ask(slots, HTTP_ACCEPT="text/html,*/*")
        _, _, after_form = ask(slots, HTTP_ACCEPT="text/html,*/*", REQUEST_METHOD="POST")

    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert b"try again in a few seconds" in page
    assert b"still in the form" not in page
    assert b"still in the form" in after_form


def test_a_request_of_a_burst_waits_for_the_next_free_slot() -> None:
    site = Site()
    slots = Slots(site, slots=1, seconds=30, wait=30)

    with filled(site, slots, 1):
        late: list[Any] = []
        waiting = threading.Thread(target=lambda: late.append(ask(slots)))
        waiting.start()
        wait_until(lambda: slots.gate.waiting == 1)
        assert late == []
    waiting.join()

    assert late[0][0] == "200 OK"


def test_no_more_wait_than_there_is_room_for() -> None:
    site = Site()
    slots = Slots(site, slots=1, seconds=30, wait=30)

    with filled(site, slots, 1):
        waiting = [threading.Thread(target=ask, args=[slots]) for _ in range(room(1))]
        for each in waiting:
            each.start()
        wait_until(lambda: slots.gate.waiting == room(1))
        status, _, _ = ask(slots)
    for each in waiting:
        each.join()

    assert status == "503 Service Unavailable"


@pytest.mark.parametrize(("usual", "expected"), [(0.001, 0.02), (0.1, 0.075), (0.2, 0.15), (60.0, 0.25)])
def test_a_request_waits_for_less_than_requests_usually_take(usual: float, expected: float) -> None:
    gate = Gate(4)
    for _ in range(300):
        gate.note(usual)

    assert gate.patience_seconds == pytest.approx(expected, abs=0.001)


def test_a_site_learns_how_long_its_requests_take() -> None:
    site = Site()
    site.gone.set()
    slots = Slots(site, slots=1, seconds=30)

    for _ in range(200):
        ask(slots)

    assert slots.gate.patience_seconds == 0.02


def test_who_waits_longest_gets_the_next_slot_and_a_newcomer_does_not_overtake() -> None:
    gate = Gate(2)
    order: list[str] = []

    def enter(name: str) -> None:
        assert gate.enter(wait=30) == ""
        order.append(name)

    enter("in"), enter("in")
    waiting = []
    for number, name in enumerate(("first", "second"), start=1):
        waiting.append(threading.Thread(target=enter, args=[name]))
        waiting[-1].start()
        wait_until(lambda number=number: gate.waiting == number)
    for count, thread in enumerate(waiting, start=3):
        gate.leave()
        assert gate.enter(wait=0) == "full"
        wait_until(lambda count=count: len(order) == count)
        thread.join()

    assert order == ["in", "in", "first", "second"]
    assert (gate.free, gate.waiting) == (0, 0)


def test_a_wait_that_was_in_vain_takes_no_slot() -> None:
    gate = Gate(1)
    gate.enter(wait=0)

    assert gate.enter(wait=0.01) == "late"
    gate.leave()
    assert (gate.free, gate.waiting) == (1, 0)


def test_a_slot_is_free_again_after_an_error() -> None:
    def broken(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        raise RuntimeError("broken")

    slots = Slots(broken, slots=1, seconds=30, wait=0)

    for _ in range(3):
        with pytest.raises(RuntimeError, match="broken"):
            ask(slots)


def test_a_slot_is_kept_until_the_body_is_sent_and_freed_once() -> None:
    def streamed(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return iter([b"a", b"b"])

    slots = Slots(streamed, slots=1, seconds=30, wait=0)
    body: Any = slots({}, lambda *arguments: None)

    assert ask(slots)[0] == "503 Service Unavailable"
    body.close()
    body.close()
    assert slots.gate.free == 1
    assert ask(slots)[0] == "200 OK"


def test_a_file_stays_what_the_server_can_send_by_itself() -> None:
    def file(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return FileWrapper(BytesIO(b"picture"))

    slots = Slots(file, slots=1, seconds=30, wait=0)
    body: Any = slots({"wsgi.file_wrapper": FileWrapper}, lambda *arguments: None)

    assert isinstance(body, FileWrapper)
    assert slots.gate.free == 0
    body.close()
    assert slots.gate.free == 1
    assert body.filelike.closed


@pytest.mark.parametrize(("size", "least", "most"), [("", 29, 30), ("6553600", 129, 130), ("many", 29, 30)])
def test_a_request_has_a_deadline_and_an_upload_more_time(size: str, least: float, most: float) -> None:
    left: list[float | None] = []

    def site(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        left.append(remaining())
        start_response("200 OK", [])
        return [b""]

    ask(Slots(site, slots=1, seconds=30), CONTENT_LENGTH=size)

    assert left[0] is not None
    assert least <= left[0] <= most
    assert remaining() is None


def test_a_server_has_threads_for_slots_waiting_requests_and_probes() -> None:
    assert threads(4) == 22
