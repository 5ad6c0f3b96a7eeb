"""The list says at a glance what each flag does, where, and whether it should still be there."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from reliability.flags import actions
from tests.factories.flags import FOR_ADA, NOW, SYSTEM, make_flag

LIST = "/admin/reliability_flags/flag/"


def listed(client: Client, query: str = "") -> str:
    return client.get(LIST + query).content.decode()


def test_an_empty_list_says_what_a_flag_is(ada: Client) -> None:
    assert "There is no flag yet." in listed(ada)


def test_the_state_is_said_in_a_word(ada: Client) -> None:
    make_flag("one", default="on")
    make_flag("two", FOR_ADA)
    make_flag("three", {"fractional": [["on", 10], ["off", 90]]})

    shown = listed(ada)

    assert '<span class="pill flag-state--on">on</span>' in shown
    assert '<span class="pill flag-state--part">rules</span>' in shown
    assert '<span class="pill flag-state--part">10 % on</span>' in shown
    assert "flag-matrix" not in shown


def test_regions_that_differ_are_shown_as_a_matrix(ada: Client, settings: Any) -> None:
    settings.FLAGS = {**settings.FLAGS, "REGIONS": ["eu-west", "us-east"], "COLOURS": ["blue", "green"]}
    make_flag(default="on", overrides=[{"when": {"region": ["eu-west"], "colour": ["green"]}, "serve": "off"}])
    actions.kill_flag(key="new-editor", reason="r", by=SYSTEM, now=NOW, when={"region": ["us-east"]})

    shown = listed(ada)

    assert shown.count("flag-state--killed") == 2
    assert shown.count("flag-state--off") == 1
    assert shown.count("flag-state--on") == 1


def test_a_flag_that_nobody_needs_any_more_is_hinted_at(ada: Client) -> None:
    make_flag(default="on", expires_on=date(2020, 1, 1))

    shown = listed(ada)

    for hint in ("expired", "no code asks for it", "the same for everybody for 30 days"):
        assert f'<small class="flag-hint">{hint}</small>' in shown


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("?kind=ops", {"two"}),
        ("?owner=web", {"one"}),
        ("?state=rules", {"two"}),
        ("?state=killed", {"three"}),
        ("?state=same", {"one"}),
        ("?state=archived", {"four"}),
        ("?q=thr", {"three"}),
        ("", {"one", "two", "three"}),
    ],
)
def test_the_list_is_narrowed(ada: Client, query: str, keys: set[str]) -> None:
    make_flag("one", owner="web")
    make_flag("two", FOR_ADA, kind="ops")
    make_flag("three")
    make_flag("four")
    actions.kill_flag(key="three", reason="r", by=SYSTEM, now=NOW)
    actions.archive_flag(key="four", by=SYSTEM, now=NOW)

    shown = listed(ada, query)

    assert {key for key in ("one", "two", "three", "four") if f"{LIST}{key}/change/" in shown} == keys


def test_who_has_no_right_sees_nothing(ben: Client) -> None:
    make_flag()

    assert ben.get(LIST).status_code == 403
    assert ben.get(f"{LIST}new-editor/change/").status_code == 403
    assert ben.get(f"{LIST}new-editor/kill/").status_code == 403
