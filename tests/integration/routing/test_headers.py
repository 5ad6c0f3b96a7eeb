"""What an answer tells of routing, in the product: on SQLite next to nothing, and no reader gets a cookie."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from reliability.routing import middleware
from reliability.routing.gate import Refusal
from reliability.routing.testing import served_by
from tests.factories.people import make_ada

if TYPE_CHECKING:
    from tests.factories.site import World


@pytest.mark.sqlite
def test_without_standbys_routing_is_inert(world: "World", api: Client) -> None:
    answer = api.get("/api/v1/types/", headers={"x-consistency-token": "anything"})

    assert answer["X-Served-By"] == "us-east/blue/primary"
    assert "Server-Timing" not in answer
    assert "X-Consistency-Token" not in answer


@pytest.mark.postgres
def test_a_reader_is_told_who_answered_and_gets_no_cookie(world: "World", api: Client) -> None:
    answer = api.get("/api/v1/documents/")

    assert served_by(answer) == ("us-east", "blue", "primary")
    assert 'db;desc="' in answer["Server-Timing"]
    assert not answer.cookies


@pytest.mark.postgres
def test_an_editor_gets_her_form_back_while_nothing_can_be_written(
    world: "World", monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(headers={"host": "localhost", "accept": "text/html"})
    client.force_login(make_ada())
    monkeypatch.setattr(middleware.gate, "enter", lambda *, route="": Refusal.READ_ONLY)

    answer = client.post("/admin/profile/", {"name": "Ada <Lovelace>", "new_password": "hunter22"})

    assert answer.status_code == 503
    assert answer["Retry-After"]
    html = answer.content.decode()
    assert '<textarea hidden name="name">\nAda &lt;Lovelace&gt;</textarea>' in html
    assert "hunter22" not in html
