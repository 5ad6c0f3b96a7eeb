"""Everything can be done by `manage.py flags`, for scripts and for the night."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from reliability.flags import process
from reliability.flags.api import is_enabled
from reliability.flags.models import Flag, FlagChange
from tests.factories.flags import definition, make_flag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, settings: Any) -> None:
    settings.FLAGS = {**settings.FLAGS, "STATE_DIR": str(tmp_path / "state")}


def run(*words: str) -> str:
    out = StringIO()
    call_command("flags", *words, stdout=out, stderr=out)
    return out.getvalue()


def test_a_flag_is_made_shown_killed_and_let_go() -> None:
    run("set", "new-editor", json.dumps(definition(default="on")), "--reason", "rollout", "--owner", "web")

    assert "new-editor  release  on     web" in run("list")
    run("kill", "new-editor", "--reason", "it burns")
    assert json.loads(run("list", "--json"))[0]["state"] == "killed"
    run("unkill", "new-editor")
    shown = json.loads(run("show", "new-editor"))

    assert (shown["state"], [each["action"] for each in shown["changes"]]) == ("on", ["unkill", "kill", "create"])
    assert FlagChange.objects.first().actor_name == "manage.py flags"  # type: ignore[union-attr]


def test_a_kill_can_be_limited_to_a_region() -> None:
    make_flag(default="on")

    run("kill", "new-editor", "--reason", "it burns there", "--region", "eu-west")

    assert Flag.objects.get().kill == {"when": {"region": ["eu-west"]}, "until": None, "reason": "it burns there"}


def test_a_kill_of_this_host_writes_a_file_and_nothing_else(tmp_path: Path, django_assert_num_queries: Any) -> None:
    make_flag(default="on")
    assert is_enabled("new-editor")

    with django_assert_num_queries(0):
        assert "off on this host" in run("kill", "new-editor", "--local")
    process.current().watch.look()

    assert not is_enabled("new-editor")
    run("unkill", "new-editor", "--local")
    process.current().watch.look()
    assert is_enabled("new-editor")


def test_a_flag_is_asked_for_somebody() -> None:
    make_flag(targeting={"if": [{"==": [{"var": "targetingKey"}, "ada"]}, "on"]})

    found = json.loads(run("eval", "new-editor", "--context", '{"targetingKey": "ada"}', "--default", "false"))

    assert (found["value"], found["variant"], found["reason"]) == (True, "on", "TARGETING_MATCH")


def test_a_file_with_faults_is_reported_and_ends_with_one(tmp_path: Path) -> None:
    file = tmp_path / "flags.json"
    file.write_text(json.dumps({"flags": {"good": definition(), "bad": definition({"if": [True, "blue"]})}}))

    with pytest.raises(SystemExit):
        run("check", str(file))


def test_what_is_exported_is_imported_byte_for_byte(tmp_path: Path) -> None:
    make_flag("a", targeting={"if": [True, "on"]}, owner="web", description="An editor.")
    make_flag("b", overrides=[{"when": {"region": ["eu-west"]}, "serve": "on", "id": "1"}])
    first = run("export")
    file = tmp_path / "flags.json"
    file.write_text(first)
    Flag.objects.all().delete()

    assert "created: a, b" in run("import", str(file))
    again = json.loads(run("export"))

    assert again["management"] == json.loads(first)["management"]
    assert again["flagd"]["flags"] == json.loads(first)["flagd"]["flags"]
    assert "unchanged: a, b" in run("import", str(file))
    assert run("diff", str(file)) == ""


def test_an_export_for_flagd_has_overrides_as_rules_and_kills_applied() -> None:
    make_flag("a", overrides=[{"when": {"region": ["eu-west"]}, "serve": "on", "id": "1"}])
    make_flag("b", default="on")
    run("kill", "b", "--reason", "it burns")

    flags = json.loads(run("export", "--format", "flagd"))["flags"]

    assert flags["a"]["targeting"] == {"if": [{"in": [{"var": "region"}, ["eu-west"]]}, "on", None]}
    assert flags["b"]["defaultVariant"] == "off"


def test_an_image_gets_its_flags_without_a_database(tmp_path: Path, django_assert_num_queries: Any) -> None:
    make_flag(default="on")
    exported, image = tmp_path / "flags.json", tmp_path / "image.jsonl"
    exported.write_text(run("export"))

    with django_assert_num_queries(0):
        assert run("snapshot", str(image), "--from", str(exported)).startswith("1 flags are in")


def test_what_is_wrong_is_said_with_the_fix() -> None:
    with pytest.raises(CommandError, match=r"There is no flag 'nothing'; `flags list`"):
        run("show", "nothing")
    with pytest.raises(CommandError, match="no such variant"):
        run("set", "f", json.dumps(definition({"if": [True, "blue"]})))
    with pytest.raises(CommandError, match="This is no JSON"):
        run("set", "f", "{")
    assert "There are no flags yet" in run("list")


def test_the_status_says_where_the_flags_come_from() -> None:
    make_flag()

    found = json.loads(run("status"))

    assert (found["version"], found["flags"], found["source"]) == (1, 1, "database")


def test_a_flag_that_is_killed_in_one_region_shows_both_of_its_states(settings: Any) -> None:
    settings.FLAGS = {**settings.FLAGS, "REGIONS": ["eu-west", "us-east"]}
    make_flag("new-editor", default="on")

    run("kill", "new-editor", "--region", "eu-west", "--reason", "it burns there")

    assert json.loads(run("list", "--json"))[0]["state"] == "killed / on"
