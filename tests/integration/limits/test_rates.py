"""Clients that ask too often are told so in the form that they understand, before it costs anything."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import Client, override_settings

from reliability.limits.rate import RateLimiter
from tests.factories.site import World

pytestmark = pytest.mark.django_db(databases="__all__")
NOON = 1_777_896_000.0
BROWSER = {"Accept": "text/html"}


@contextmanager
def quota(name: str, count: int, **more: Any) -> Iterator[None]:
    """Allow so many requests of one kind in a minute, counted in this process, in a minute that does not end."""
    standing = patch.dict(RateLimiter.__init__.__kwdefaults__ or {}, {"clock": lambda: NOON})
    changed = [{**entry, "QUOTA": count} if entry["NAME"] == name else entry for entry in settings.RATE_LIMITS]
    with standing, override_settings(RATE_LIMITS=changed, RATE_LIMITS_REDIS_URL="", **more):
        yield


def last_of(count: int, send: Callable[[], Any]) -> Any:
    for _ in range(count):
        answer = send()
    return answer


def test_programs_get_a_problem_with_a_time_to_come_back(world: World) -> None:
    with quota("api", 2):
        client = Client()
        allowed = last_of(2, lambda: client.get("/api/v1/types/"))
        refused = client.get("/api/v1/types/?q=1")

    assert (allowed.status_code, refused.status_code) == (200, 429)
    assert allowed.headers["RateLimit-Policy"] == '"api";q=2;w=60'
    assert allowed.headers["RateLimit"].startswith('"api";r=0;t=')
    assert 1 <= int(refused.headers["Retry-After"]) <= 63
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert json.loads(refused.content) | {"detail": ""} == {
        "type": "/problems/rate-limited",
        "title": "Too many requests",
        "status": 429,
        "detail": "",
        "instance": "/api/v1/types/?q=1",
    }
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert refused.headers["Cache-Control"] == "no-store"


def test_a_refusal_costs_no_query(world: World, django_assert_num_queries: Any) -> None:
    with quota("api", 1):
        client = Client()
        client.get("/api/v1/types/")
        with django_assert_num_queries(0):
            assert client.get("/api/v1/documents/").status_code == 429


def test_providers_of_flags_get_429_with_a_time_to_come_back() -> None:
    with quota("ofrep", 1):
        client = Client()
        refused = last_of(2, lambda: client.post("/ofrep/v1/evaluate/flags", "{}", content_type="application/json"))

    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    assert set(refused.json()) == {"errorCode", "errorDetails"}
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]


def test_a_browser_may_always_ask_whether_it_may() -> None:
    with quota("ofrep", 1):
        client = Client()
        answer = last_of(5, lambda: client.options("/ofrep/v1/evaluate/flags"))

    assert answer.status_code == 204


def test_attempts_to_sign_in_are_limited_whichever_account_they_aim_at() -> None:
    with quota("sign-in", 3):
        client = Client(headers=BROWSER)
        answers = [client.post("/admin/login/", {"username": f"{n}@x.example", "password": "wrong"}) for n in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "too many attempts from your network" in answers[3].content.decode()
    assert "Retry-After" in answers[3].headers


def test_looking_at_the_sign_in_page_is_no_attempt() -> None:
    with quota("sign-in", 1):
        client = Client(headers=BROWSER)
        answer = last_of(5, lambda: client.get("/admin/login/"))

    assert answer.status_code == 200


def test_clients_are_told_apart_by_address_and_not_by_what_they_claim(world: World) -> None:
    with quota("api", 1):
        client = Client()
        first = client.get("/api/v1/types/", REMOTE_ADDR="203.0.113.5")
        forged = client.get("/api/v1/types/", REMOTE_ADDR="203.0.113.5", headers={"X-Forwarded-For": "198.51.100.1"})
        other = client.get("/api/v1/types/", REMOTE_ADDR="203.0.113.6")

    assert [answer.status_code for answer in (first, forged, other)] == [200, 429, 200]


def test_behind_a_trusted_proxy_the_client_counts(world: World) -> None:
    def ask(client: Client, address: str) -> int:
        forwarded = {"X-Forwarded-For": f"1.1.1.1, {address}"}
        return client.get("/api/v1/types/", REMOTE_ADDR="10.0.0.1", headers=forwarded).status_code

    with quota("api", 1, TRUSTED_PROXIES=["10.0.0.0/8"]):
        client = Client()
        statuses = [ask(client, address) for address in ("198.51.100.1", "198.51.100.2", "198.51.100.1")]

    assert statuses == [200, 200, 429]


def test_a_quota_of_nothing_is_no_limit(world: World) -> None:
    with quota("api", 0):
        client = Client()
        answer = last_of(5, lambda: client.get("/api/v1/types/"))

    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


def test_pages_for_people_are_not_counted(world: World) -> None:
    with quota("api", 1):
        client = Client()
        answer = last_of(3, lambda: client.get("/"))

    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["rate-limited", "busy", "timeout"])
def test_every_problem_has_a_page(world: World, name: str) -> None:
    assert Client().get(f"/problems/{name}/").status_code == 200
