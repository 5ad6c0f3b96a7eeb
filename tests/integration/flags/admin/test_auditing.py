"""Every change is listed with its author, reason and difference, and is taken back by one question."""

import json

from django.test import Client

from reliability.flags.actions import Edit, update_flag
from reliability.flags.models import Flag, FlagChange
from tests.factories.flags import FOR_ADA, NOW, SYSTEM, definition, make_flag

LIST = "/admin/reliability_flags/flag/"


def test_changes_are_listed_with_what_is_different(ada: Client) -> None:
    make_flag(owner="web")
    update_flag(key="new-editor", edit=Edit(owner="shop"), by=SYSTEM, now=NOW, reason="they asked")

    shown = ada.get(f"{LIST}new-editor/history/").content.decode()

    assert "they asked" in shown
    assert "<del>-  &quot;owner&quot;: &quot;web&quot;,</del>" in shown
    assert "<ins>+  &quot;owner&quot;: &quot;shop&quot;,</ins>" in shown
    assert "new-editor: changed" in ada.get(f"{LIST}changes/").content.decode()


def test_a_change_is_reverted_after_one_question(ada: Client) -> None:
    make_flag()
    update_flag(key="new-editor", edit=Edit(definition=definition(FOR_ADA)), by=SYSTEM, now=NOW, confirmed=True)
    address = f"{LIST}changes/{FlagChange.objects.get(action='update').pk}/revert/"

    assert "targeting" in ada.get(address).content.decode()
    assert "targeting" in json.loads(Flag.objects.get().definition)
    ada.post(address, {"reason": "it was wrong"})

    assert "targeting" not in json.loads(Flag.objects.get().definition)
    assert FlagChange.objects.latest("id").reason == "it was wrong"


def test_the_change_that_made_a_flag_is_not_reverted(ada: Client) -> None:
    make_flag()

    answer = ada.post(f"{LIST}changes/{FlagChange.objects.get().pk}/revert/")

    assert answer.status_code == 422
    assert "archive it instead" in answer.content.decode()


def test_a_flag_is_archived_and_comes_back(ada: Client) -> None:
    make_flag()

    ada.post(f"{LIST}new-editor/archive/")
    assert Flag.objects.get().archived_at is not None

    ada.post(f"{LIST}new-editor/restore/")
    assert Flag.objects.get().archived_at is None


def test_who_may_look_only_changes_nothing(ben: Client) -> None:
    make_flag()

    assert ben.post(f"{LIST}new-editor/archive/").status_code == 403
    assert ben.get(f"{LIST}changes/").status_code == 403
    assert Flag.objects.get().archived_at is None
