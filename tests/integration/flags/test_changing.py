"""Every change of a flag is checked, recorded with before and after, and heard of; a bad one changes nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest

from reliability.flags import actions, queries
from reliability.flags.api import is_enabled
from reliability.flags.models import Flag, FlagChange
from reliability.outbox.models import Event
from tests.factories.flags import FOR_ADA, NOW, SYSTEM, definition, make_flag

pytestmark = pytest.mark.django_db


def update(key: str = "new-editor", **more: Any) -> Flag:
    edit = {name: more.pop(name) for name in ("definition", "overrides", "kill_variant", "owner") if name in more}
    return actions.update_flag(key=key, edit=actions.Edit(**edit), by=SYSTEM, now=NOW, **more)


def test_a_new_flag_is_recorded_and_told(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        flag = make_flag(targeting=FOR_ADA)

    change = FlagChange.objects.get()
    assert (flag.version, change.version, change.action, change.actor_name) == (1, 1, "create", "tests")
    assert (change.before, change.after["kill_variant"]) == (None, "off")
    assert Event.objects.get(kind="flags.changed").data == {"version": 1}
    assert is_enabled("new-editor", context={"targetingKey": "ada"})


def test_every_change_raises_the_version_of_the_set() -> None:
    make_flag("one")
    make_flag("two")
    update("one", owner="web")

    assert queries.set_version().version == 3
    assert {flag.key: flag.version for flag in Flag.objects.all()} == {"one": 3, "two": 2}
    assert [row.key for row in queries.rows_after(2)] == ["one"]


def test_a_bad_definition_is_refused_with_its_place_and_changes_nothing() -> None:
    make_flag()

    with pytest.raises(actions.FlagRefused) as refused:
        update(definition=definition({"if": [True, "blue"]}))

    assert [fault.path for fault in refused.value.faults] == ["flags.new-editor.targeting.if[1]"]
    assert queries.set_version().version == 1
    assert "targeting" not in json.loads(Flag.objects.get().definition)


def test_a_flag_that_is_no_truth_must_name_its_kill_variant() -> None:
    text = definition(default="classic", classic="c", modern="m")

    with pytest.raises(actions.FlagRefused, match="kill_variant"):
        actions.create_flag(key="theme", edit=actions.Edit(definition=text), by=SYSTEM, now=NOW)

    edit = actions.Edit(definition=text, kill_variant="classic")
    assert actions.create_flag(key="theme", edit=edit, by=SYSTEM, now=NOW).kill_variant == "classic"


def test_a_change_that_moves_people_must_be_confirmed() -> None:
    shares = {"fractional": [["on", 10], ["off", 90]]}
    turned = {"fractional": [["off", 90], ["on", 10]]}
    make_flag(targeting=shares)

    with pytest.raises(actions.FlagRefused, match="sampled people 1990 would change variant"):
        update(definition=definition(turned))

    assert update(definition=definition(turned), confirmed=True).version == 2


def test_nobody_overwrites_a_change_unseen() -> None:
    make_flag()
    update(owner="web")

    with pytest.raises(actions.FlagConflict, match="you saw version 1, now it is 2"):
        update(owner="mine", base_version=1)


def test_a_change_is_reverted_to_what_was_before() -> None:
    make_flag()
    update(definition=definition({"if": [True, "on"]}))
    change = FlagChange.objects.filter(action="update").get()

    flag = actions.revert_flag(change_id=change.pk, by=SYSTEM, now=NOW, reason="it was wrong")

    assert "targeting" not in json.loads(flag.definition)
    assert FlagChange.objects.latest("id").action == "revert"


def test_an_archived_flag_is_answered_by_the_code_and_comes_back(django_capture_on_commit_callbacks: Any) -> None:
    make_flag(default="on")
    assert is_enabled("new-editor")

    with django_capture_on_commit_callbacks(execute=True):
        actions.archive_flag(key="new-editor", by=SYSTEM, now=NOW)
    assert not is_enabled("new-editor")

    with django_capture_on_commit_callbacks(execute=True):
        actions.restore_flag(key="new-editor", by=SYSTEM, now=NOW)
    assert is_enabled("new-editor")


def test_without_the_permission_nothing_is_changed() -> None:
    make_flag()
    ben = actions.Author("Ben", lambda permission: permission == "reliability_flags.kill_flag")

    with pytest.raises(actions.NotAllowed, match=r"reliability_flags\.change_flag"):
        actions.update_flag(key="new-editor", edit=actions.Edit(owner="ben"), by=ben, now=NOW)

    actions.kill_flag(key="new-editor", reason="it burns", by=ben, now=NOW)
    assert Flag.objects.get().kill is not None


@pytest.mark.parametrize(
    ("kill", "path"),
    [
        ({"reason": " "}, "reason"),
        ({"reason": "r", "until": NOW - timedelta(hours=1)}, "until"),
        ({"reason": "r", "when": {"planet": ["mars"]}}, "when.planet"),
        ({"reason": "r", "when": {"release": ["new"]}}, "when.release"),
    ],
)
def test_a_kill_needs_a_reason_and_sound_circumstances(kill: dict[str, Any], path: str) -> None:
    make_flag()

    with pytest.raises(actions.FlagRefused) as refused:
        actions.kill_flag(key="new-editor", by=SYSTEM, now=NOW, **kill)

    assert [fault.path for fault in refused.value.faults] == [path]


def test_an_import_takes_the_good_flags_and_reports_the_bad() -> None:
    make_flag("known")
    document = {
        "flags": {
            "fresh": definition(),
            "known": definition({"if": [True, "on"]}),
            "bad": definition({"if": [True, "blue"]}),
        }
    }

    report = actions.import_flags(document=document, by=SYSTEM, now=NOW)

    assert (report.created, report.updated) == (["fresh"], ["known"])
    assert [fault.path for fault in report.faults] == ["flags.bad.targeting.if[1]"]
    assert actions.import_flags(document=document, by=SYSTEM, now=NOW).unchanged == ["fresh", "known"]


def test_an_import_of_all_or_nothing_changes_nothing_when_one_is_bad() -> None:
    document = {"flags": {"fresh": definition(), "bad": {}}}

    with pytest.raises(actions.FlagRefused):
        actions.import_flags(document=document, by=SYSTEM, now=NOW, all_or_nothing=True)

    assert not Flag.objects.exists()
