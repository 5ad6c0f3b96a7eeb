"""A kill needs the key, a reason and nothing else, and the page knows the way out when the database does not work."""

from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client

from cms.accounts.models import Grant, Role, User
from reliability.flags.models import Flag, FlagChange
from tests.factories.flags import make_flag

KILL = "/admin/reliability_flags/flag/new-editor/kill/"


def test_a_flag_is_killed_and_the_page_shows_where(ada: Client, settings: Any) -> None:
    settings.FLAGS = {**settings.FLAGS, "REGIONS": ["eu-west", "us-east"]}
    make_flag(default="on")

    answer = ada.post(KILL, {"key": "new-editor", "reason": "it burns", "region": "eu-west"}, follow=True)

    assert Flag.objects.get().kill == {"when": {"region": ["eu-west"]}, "until": None, "reason": "it burns"}
    change = FlagChange.objects.latest("id")
    assert (change.action, change.actor_name, change.reason) == ("kill", "Ada", "it burns")
    shown = answer.content.decode()
    assert "is killed" in shown
    assert shown.count("flag-state--killed") == 2  # one for each colour of the region


@pytest.mark.parametrize(
    ("posted", "place"),
    [
        ({"key": "new-edit", "reason": "r"}, "key"),
        ({"key": "new-editor", "reason": " "}, "reason"),
        ({"key": "new-editor", "reason": "r", "until": "soon"}, "until"),
        ({"key": "new-editor", "reason": "r", "until": "2020-01-01T00:00"}, "until"),
    ],
)
def test_what_is_missing_is_said_at_its_field(ada: Client, posted: dict[str, str], place: str) -> None:
    make_flag()

    answer = ada.post(KILL, posted)

    assert answer.status_code == 422
    assert f'<a href="#{place}">' in answer.content.decode()
    assert Flag.objects.get().kill is None


def test_without_the_primary_the_page_prints_the_local_command(ada: Client) -> None:
    make_flag()

    with patch("reliability.flags.admin.killing.kill_flag", side_effect=OperationalError("server closed")):
        answer = ada.post(KILL, {"key": "new-editor", "reason": "it burns"})

    assert answer.status_code == 503
    shown = answer.content.decode()
    assert "The database does not take the kill." in shown
    assert "manage.py flags kill new-editor --local" in shown


@pytest.mark.postgres
def test_a_database_that_takes_no_writes_leaves_the_page_standing(ada: Client) -> None:
    make_flag()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")

    answer = ada.post(KILL, {"key": "new-editor", "reason": "it burns"})

    assert answer.status_code == 503
    assert "manage.py flags kill new-editor --local" in answer.content.decode()


def test_a_kill_is_lifted_after_one_question(ada: Client) -> None:
    make_flag(default="on")
    ada.post(KILL, {"key": "new-editor", "reason": "it burns"})
    lift = "/admin/reliability_flags/flag/new-editor/unkill/"

    assert "decide again" in ada.get(lift).content.decode()
    assert Flag.objects.get().kill is not None
    ada.post(lift, {"reason": "mended"})

    assert Flag.objects.get().kill is None


def test_a_role_may_kill_and_nothing_else(ben: Client) -> None:
    make_flag(default="on")
    role = Role.objects.create(name="On call", actions=["kill"])
    Grant.objects.create(user=User.objects.get(email="ben@example.org"), role=role)

    killed = ben.post(KILL, {"key": "new-editor", "reason": "it burns"})
    edited = ben.post("/admin/reliability_flags/flag/new-editor/change/", {"op": "save"})

    assert (killed.status_code, edited.status_code) == (302, 403)
    assert Flag.objects.get().kill["reason"] == "it burns"
