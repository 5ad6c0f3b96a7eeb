"""A position travels in header and cookie, and is forgotten when it has nothing to say any more."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings

from reliability.routing import carrying, current, snapshots
from reliability.routing.metrics import token_checks
from reliability.routing.position import Position
from reliability.routing.session import RequestState
from reliability.routing.token import Token
from tests.unit.routing.samples import node, primary, snapshot

SEEN, LATER = Position(1, 500, "aaaa"), Position(1, 900, "aaaa")
PICTURE = snapshot(primary(lsn=1_000), node("eu-1", lsn=600))
NOW = time.time()


@pytest.fixture(autouse=True)
def _picture(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(carrying, "position_now", lambda role, is_needed=True: None)
    snapshots.publish(PICTURE)
    yield
    snapshots.forget()


def text_of(position: Position = SEEN, *, at: float = NOW) -> str:
    return carrying.write(position, PICTURE, now=at)


def ask(*, header: str | None = None, cookie: str | None = None) -> HttpRequest:
    request = RequestFactory().get("/", headers={} if header is None else {"x-consistency-token": header})
    if cookie is not None:
        request.META["HTTP_COOKIE"] = f"visitor=1; consistency={cookie};last=2"
    return request


def finished(request: HttpRequest, state: RequestState) -> HttpResponse:
    response = HttpResponse()
    token = carrying.presented(request, PICTURE, now=NOW)
    carrying.finish(request, response, state, token)
    return response


def test_the_higher_of_header_and_cookie_counts() -> None:
    token = carrying.presented(ask(header=text_of(SEEN), cookie=text_of(LATER)), PICTURE, now=NOW)

    assert token is not None
    assert token.position == LATER


def test_a_token_that_does_not_count_is_counted_and_ignored() -> None:
    before = token_checks.labels("rejected")._value.get()

    token = carrying.presented(ask(header="forged", cookie=text_of()), PICTURE, now=NOW)

    assert token is not None
    assert token.position == SEEN
    assert token_checks.labels("rejected")._value.get() == before + 1


def test_an_answer_that_wrote_carries_header_and_cookie() -> None:
    state = RequestState()
    state.note_commit(LATER)

    response = finished(ask(), state)

    assert carrying.read(response["X-Consistency-Token"], PICTURE, now=time.time()).position == LATER  # type: ignore[union-attr]
    morsel = response.cookies["consistency"]
    assert morsel.value == response["X-Consistency-Token"]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"], morsel["max-age"]) == (True, "Lax", "/", 3600)


def test_over_https_the_cookie_belongs_to_this_host_alone() -> None:
    state = RequestState()
    state.note_commit(LATER)

    with override_settings(SESSION_COOKIE_SECURE=True):
        response = finished(ask(), state)

    morsel = response.cookies["__Host-consistency"]
    assert (morsel["secure"], morsel["path"], morsel["domain"]) == (True, "/", "")


def test_an_answer_that_only_read_stays_cacheable() -> None:
    response = finished(ask(), RequestState())

    assert "X-Consistency-Token" not in response
    assert not response.cookies


def test_a_program_gets_its_token_raised_to_what_it_was_shown() -> None:
    state = RequestState(position=SEEN)
    state.note_shown(LATER)

    response = finished(ask(header=text_of(SEEN)), state)

    assert carrying.read(response["X-Consistency-Token"], PICTURE, now=time.time()).position == LATER  # type: ignore[union-attr]
    assert not response.cookies


def test_a_position_whose_fate_is_unknown_is_kept_until_it_is_told() -> None:
    state = RequestState(position=SEEN)
    state.note_shown(LATER)
    state.status = "unknown"

    response = finished(ask(header=text_of(SEEN)), state)

    assert carrying.read(response["X-Consistency-Token"], PICTURE, now=time.time()).position == SEEN  # type: ignore[union-attr]


def test_a_browser_keeps_its_cookie_until_every_node_has_passed_it() -> None:
    kept = finished(ask(cookie=text_of(LATER)), RequestState(position=LATER))
    dropped = finished(ask(cookie=text_of(SEEN)), RequestState(position=SEEN))

    assert not kept.cookies
    assert dropped.cookies["consistency"]["max-age"] == 0


def test_a_node_that_is_away_keeps_the_cookie_alive_until_it_cannot_return_behind_it() -> None:
    away = replace(PICTURE, nodes=(*PICTURE.nodes, node("ap-1", is_up=False)))
    hard = current.options().lag_hard_seconds

    assert not carrying.is_settled(Token(SEEN, NOW - hard), away, now=NOW)
    assert carrying.is_settled(Token(SEEN, NOW - 3 * hard), away, now=NOW)


def test_who_lost_a_write_is_told_once() -> None:
    state = RequestState(position=LATER)
    state.status = "lost"

    response = finished(ask(cookie=text_of(LATER)), state)

    assert response.cookies["consistency"]["max-age"] == 0
