"""A health path answers in a line, and tells details only to those who may have them."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client, override_settings

from reliability.health import process
from reliability.health.answers import answer
from reliability.health.beats import Beat
from reliability.health.probes import Standing
from reliability.health.verdicts import Picture

LOST = Standing(name="reads", scope="shared", affects=("region",), status="fail", at=99.0, bad_since=40.0, error="Lost")
HERE = Picture(now=100.0, beats=[Beat(role="web", pid=1, at=99.5, is_started=True)], shared=[LOST])
TOKEN = "correct horse battery staple"


def ask(path: str, query: str = "", **more: Any) -> tuple[int, dict[str, Any]]:
    found = answer(path, query, HERE, **more)
    return found.status, json.loads(found.body)


def test_a_yes_is_short_and_is_kept_by_nobody() -> None:
    found = answer("/livez", "", HERE)

    assert (found.status, found.body) == (200, b'{"status": "pass"}')
    assert ("Cache-Control", "no-store") in found.headers


def test_a_warning_is_a_yes() -> None:
    assert ask("/readyz") == (200, {"status": "warn"})


def test_a_no_gives_its_reason() -> None:
    assert ask("/regionz") == (503, {"status": "fail", "reasons": ["reads has failed for 30 s"]})


@override_settings(HEALTH_TOKEN=TOKEN)
@pytest.mark.parametrize("header", ["", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer "])
def test_details_need_the_token(header: str) -> None:
    status, body = ask("/readyz", "verbose=1", authorization=header)

    assert (status, set(body)) == (200, {"status", "note"})


@override_settings(HEALTH_TOKEN="")
def test_without_a_token_nobody_gets_details() -> None:
    assert "checks" not in ask("/readyz", "verbose=1", authorization="Bearer ")[1]


@override_settings(HEALTH_TOKEN=TOKEN, HEALTH_IDENTITY={"region": "eu-west"})
def test_details_name_every_probe_and_process() -> None:
    status, body = ask("/readyz", "verbose=1", authorization=f"bearer {TOKEN}")

    [check] = body["checks"]["reads"]
    assert (status, body["region"]) == (200, "eu-west")
    assert (check["status"], check["scope"], check["error"], check["affects"]) == ("fail", "shared", "Lost", ["region"])
    assert check["since"] < check["time"]
    assert body["processes"][0]["role"] == "web"


def test_on_the_ops_port_details_need_nothing() -> None:
    found = answer("/readyz", "verbose=1", HERE, is_trusted=True)

    assert found.content_type == "application/health+json"


def test_nothing_but_reading_is_answered() -> None:
    found = answer("/livez", "", HERE, method="POST")

    assert (found.status, dict(found.headers)["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/startupz", "/regionz"])
def test_other_servers_find_the_paths_among_the_addresses(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # No threads in a process of tests: they would ask its database.
    monkeypatch.setattr(process, "ensure_started", lambda: SimpleNamespace(picture=lambda: HERE))

    response = Client().get(path)

    assert (response.status_code, response.json()) == ask(path)
    assert response.headers["Cache-Control"] == "no-store"
