"""A flag is made and changed by rows or as JSON, and a change that moves people is asked about."""

import json
import re
from html import unescape
from typing import Any
from unittest.mock import patch

from django.test import Client

from cms.accounts.models import User
from reliability.flags.models import Flag, FlagChange
from tests.factories.flags import FOR_ADA, make_flag

LIST = "/admin/reliability_flags/flag/"
CHANGE = f"{LIST}new-editor/change/"
ROWS = {
    "has_rows": "1", "json": "{}", "json_was": "{}", "default": "off", "is_enabled": "on",
    "variant-0-name": "on", "variant-0-value": "true", "variant-1-name": "off", "variant-1-value": "false",
    "rest": "", "share": "on", "other": "off", "percent": "0", "percent_was": "0", "slider": "0",
    "kind": "release", "kill_variant": "off", "op": "save",
}  # fmt: skip


def rule(number: int, attribute: str, operator: str, value: str, serve: str = "on") -> dict[str, str]:
    names = {"attribute": attribute, "operator": operator, "value": value, "serve": serve}
    return {f"rule-{number}-{name}": each for name, each in names.items()}


def targeting() -> Any:
    return json.loads(Flag.objects.get().definition).get("targeting")


def of_page(shown: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', shown)
    return unescape(found[1]) if found else ""


def test_a_flag_is_made_out_of_rows(ada: Client) -> None:
    posted = {**ROWS, "key": "new-editor", "owner": "web", "reason": "a try", **rule(0, "targetingKey", "is", "ada")}

    answer = ada.post(f"{LIST}add/", posted)

    assert answer["Location"] == CHANGE
    assert targeting() == {"if": [{"==": [{"var": "targetingKey"}, "ada"]}, "on"]}
    change = FlagChange.objects.get()
    assert (change.action, change.actor_name, change.reason) == ("create", "Ada", "a try")


def test_json_that_was_edited_wins(ada: Client) -> None:
    make_flag()
    given = {"state": "ENABLED", "variants": {"on": True, "off": False}, "targeting": FOR_ADA}

    ada.post(CHANGE, {**ROWS, "base_version": "1", "json": json.dumps(given)})

    assert targeting() == FOR_ADA


def test_a_button_adds_a_row_and_saves_nothing(ada: Client) -> None:
    make_flag()

    shown = ada.post(CHANGE, {**ROWS, "op": "rule-add"}).content.decode()

    assert 'name="rule-0-attribute" autofocus' in shown
    assert FlagChange.objects.count() == 1


def test_rules_that_rows_cannot_show_stay_json(ada: Client) -> None:
    make_flag(targeting={"if": [{"!": [{"==": [{"var": "path"}, "/"]}]}, "on", "off"]})

    shown = ada.get(CHANGE).content.decode()

    assert "These rules say more than rows can show" in shown
    assert 'name="has_rows"' not in shown


def test_a_fault_stands_at_its_row_with_its_path(ada: Client) -> None:
    posted = {**ROWS, "key": "new-editor", **rule(0, "path", "is", "/"), **rule(1, "is_staff", "is", "maybe")}

    answer = ada.post(f"{LIST}add/", posted)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#rule-1">' in shown
    assert "flags.new-editor.targeting.if[2]" in shown
    assert not Flag.objects.exists()


def test_bad_json_is_shown_as_it_was_written(ada: Client) -> None:
    answer = ada.post(f"{LIST}add/", {**ROWS, "key": "new-editor", "json": "{oh"})

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "This is no JSON" in shown
    assert ">{oh</textarea>" in shown


def test_a_change_that_moves_people_says_how_many_first(ada: Client) -> None:
    make_flag(targeting={"fractional": [["on", 0], ["off", 100]]})
    posted = {**ROWS, "base_version": "1", "rest": "%", "percent": "10", "slider": "0"}

    asked = ada.post(CHANGE, posted).content.decode()

    found = re.search(r"Of 1,000 sampled people (\d+) would change\.", asked)
    assert found is not None
    assert 70 < int(found[1]) < 130
    assert FlagChange.objects.count() == 1

    ada.post(CHANGE, {**posted, "confirmed": of_page(asked, "confirmed")})
    assert targeting() == {"fractional": [["on", 10], ["off", 90]]}


def test_the_slider_works_without_scripts(ada: Client) -> None:
    posted = {**ROWS, "key": "new-editor", "rest": "%", "slider": "30"}

    ada.post(f"{LIST}add/", posted)

    assert targeting() == {"fractional": [["on", 30], ["off", 70]]}


def test_an_override_is_a_row(ada: Client) -> None:
    row = {"id": "", "region": "eu-west, us-east", "colour": "", "release": "", "environment": "", "serve": "on",
           "reason": "a pilot", "expires_at": "2027-01-01T00:00"}  # fmt: skip
    posted = {**ROWS, "key": "new-editor", **{f"override-0-{name}": value for name, value in row.items()}}

    ada.post(f"{LIST}add/", posted)

    [found] = Flag.objects.get().overrides
    assert found["when"] == {"region": ["eu-west", "us-east"]}
    assert (found["serve"], found["expires_at"]) == ("on", "2027-01-01T00:00:00+00:00")


def test_nobody_overwrites_a_change_unseen(ada: Client) -> None:
    make_flag()
    ada.post(CHANGE, {**ROWS, "base_version": "1", "owner": "web"})

    answer = ada.post(CHANGE, {**ROWS, "base_version": "1", "owner": "mine"})

    assert answer.status_code == 422
    assert "was changed meanwhile" in answer.content.decode()
    assert Flag.objects.get().owner == "web"


def test_who_may_only_kill_sees_the_form_and_cannot_save(ben: Client) -> None:
    make_flag()
    may_kill = patch.object(User, "has_perm", lambda self, permission, obj=None: permission.endswith("kill_flag"))

    with may_kill:
        assert '<fieldset class="bare" disabled>' in ben.get(CHANGE).content.decode()
        assert ben.post(CHANGE, ROWS).status_code == 403
        assert ben.get(f"{LIST}new-editor/kill/").status_code == 200


def test_the_day_of_expiry_is_set_and_taken_away(ada: Client) -> None:
    make_flag()
    ada.post(CHANGE, {**ROWS, "base_version": "1", "expires_on": "2027-03-01"})
    assert str(Flag.objects.get().expires_on) == "2027-03-01"

    ada.post(CHANGE, {**ROWS, "base_version": "2", "expires_on": ""})

    assert Flag.objects.get().expires_on is None
