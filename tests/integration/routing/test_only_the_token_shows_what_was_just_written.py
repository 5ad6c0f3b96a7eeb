"""Beside a standby that lags it is the token that makes a reader see a write; without it, tests of the lane fail."""

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from reliability.routing.testing import assert_served_by
from tests.factories.people import make_ada
from tests.factories.site import World
from tests.integration.editor.forms import address, send

if TYPE_CHECKING:
    from tests.lagging import Reader

pytestmark = pytest.mark.lagging


@pytest.fixture
def ada(world: World) -> Client:
    """Ada may do everything."""
    client = Client(headers={"host": "localhost"})
    client.force_login(make_ada())
    return client


def test_a_reader_without_a_token_is_answered_by_the_standby_and_sees_less(
    world: World, ada: Client, api: Client, reader: "Reader"
) -> None:
    page = world.page("Former")
    world.publish(page)
    before = api.get(f"/api/v1/documents/{page.pk}/")
    send(ada, address(page.pk), "publish", f__title="Newest")

    mine = api.get(f"/api/v1/documents/{page.pk}/")
    reader.token = None
    others = api.get(f"/api/v1/documents/{page.pk}/")

    assert [answer.json()["title"] for answer in (before, mine, others)] == ["Former", "Newest", "Former"]
    assert_served_by(before, "replica", node="eu-1")
    assert_served_by(mine, "primary", node="us-1")
    assert_served_by(others, "replica", node="eu-1")
