"""Anybody of the staff sees which database serves whom, and what changed; others are asked to sign in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from reliability.routing import current, views
from reliability.routing.mode import Mode
from reliability.routing.models import Epoch, LostWrite, Override
from reliability.routing.topology import Snapshot
from tests.unit.routing.samples import node, primary, snapshot

PAGE = "/admin/reliability_routing/epoch/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def cleo() -> Client:
    """Cleo is staff, and may do nothing else."""
    client = Client(headers={"host": "localhost"})
    user = User.objects.create_user("cleo@example.org", "a long password", name="Cleo")
    client.force_login(user, backend="cms.accounts.backend.GrantBackend")
    return client


def shown(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def pretend(monkeypatch: pytest.MonkeyPatch, found: Snapshot) -> None:
    monkeypatch.setattr(current, "snapshot", lambda: found)


def lose(count: int, **values: Any) -> None:
    at = timezone.now()
    LostWrite.objects.bulk_create(
        LostWrite(system_id="1", timeline=1, lsn=each, written_at=at - timedelta(seconds=each), **values)
        for each in range(count)
    )


def test_strangers_sign_in_first() -> None:
    assert Client(headers={"host": "localhost"}).get(PAGE).status_code == 302


def test_the_navigation_leads_to_it(cleo: Client) -> None:
    assert f'href="{PAGE}"' in shown(cleo, "/admin/")
    assert "Regions and databases" in shown(cleo, "/admin/")


@pytest.mark.sqlite
def test_one_embedded_database_has_nothing_to_route(cleo: Client) -> None:
    html = shown(cleo)

    assert "One database, nothing to route" in html
    assert "No promotion was seen yet." in html
    assert "No order is in force." in html
    assert "No acknowledged write is known to be lost." in html
    assert "manage.py routing" not in html


@pytest.mark.postgres
def test_every_region_says_who_answers_its_readers(cleo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    down = node("ap-1", is_up=False, reason="no answer within 0.3 s")
    pretend(monkeypatch, snapshot(primary(), node("eu-1", sampled_at=1.0, staleness_seconds=1.2, lag_bytes=2048), down))

    html = shown(cleo)

    assert "Writes go to us-1 in us-east." in html
    assert "behind by 1.2 s, 2 KiB" in html
    assert "copies us-1" in html
    assert "serves readers of eu-west" in html
    assert "no answer within 0.3 s" in html
    assert "in another region" in html
    assert "manage.py routing drain eu-1" in html
    assert "password" not in html.partition('<div class="regions-page">')[2]


@pytest.mark.postgres
def test_without_a_primary_it_says_that_nothing_can_be_written(cleo: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    dead = primary(is_up=False, reason="connection refused")
    closed: dict[str, Any] = {"primary": None, "mode": Mode.READ_ONLY, "mode_reason": "no_primary"}
    pretend(monkeypatch, snapshot(dead, node("eu-1"), **closed))

    html = shown(cleo)

    assert 'Nothing can be written; everything can be read. <small lang="en">(no_primary)</small>' in html
    assert "connection refused" in html


def test_what_changed_stands_below(cleo: Client) -> None:
    now = timezone.now()
    Epoch.objects.create(
        system_id="2", timeline=7, epoch_id="aaaa", fork_lsn=1, previous_timeline=6, node="eu-1", recorded_at=now
    )
    Override.objects.create(
        kind="drain", node="ap-1", reason="new disk", by="Ops", created_at=now, expires_at=now + timedelta(hours=1)
    )
    lose(1, user="ada@example.org", path="/admin/x/")

    html = shown(cleo)

    assert "<strong>eu-1</strong> was promoted: timeline 7, after 6" in html
    assert "new disk" in html
    assert "in force until" in html
    assert "ada@example.org · /admin/x/" in html


def test_long_tables_have_pages_and_a_wrong_number_leads_to_one_of_them(cleo: Client) -> None:
    lose(views.PAGE_SIZE + 1)

    assert "Page 1 of 2" in shown(cleo)
    assert "Page 2 of 2" in shown(cleo, f"{PAGE}?losses=2")
    assert "Page 1 of 2" in shown(cleo, f"{PAGE}?losses=nonsense")
