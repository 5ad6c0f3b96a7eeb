"""Who sees what is answered for any person, place and time, with what decides; and every use is listed."""

from typing import Any

import pytest
from django.test import Client

from reliability.flags import actions
from tests.factories.flags import NOW, SYSTEM, make_flag

ASK = "/admin/reliability_flags/flag/new-editor/ask/"
RULE: dict[str, Any] = {
    "if": [{"in": ["staff", {"var": "groups"}]}, "on", {"==": [{"var": "targetingKey"}, "ada"]}, "on"]
}


@pytest.mark.parametrize(
    ("asked", "variant", "sentence"),
    [
        ({"groups": "press, staff"}, "on", "Rule 1 decides."),
        ({"targetingKey": "ada"}, "on", "Rule 2 decides."),
        ({"targetingKey": "ben"}, "off", "the default variant is served"),
        ({"targetingKey": "ben", "region": "eu-west"}, "on", "Override 1 decides."),
        ({"targetingKey": "ben", "region": "eu-west", "at": "2030-01-01T00:00"}, "off", "the default variant"),
        ({"targetingKey": "ada", "colour": "green"}, "off", "The flag is killed there"),
    ],
)
def test_the_answer_says_what_decides(ada: Client, asked: dict[str, str], variant: str, sentence: str) -> None:
    pilot = {"when": {"region": ["eu-west"]}, "serve": "on", "expires_at": "2029-01-01T00:00:00+00:00"}
    make_flag(targeting=RULE, overrides=[pilot])
    actions.kill_flag(key="new-editor", reason="r", by=SYSTEM, now=NOW, when={"colour": ["green"]})

    shown = ada.get(ASK, {"colour": "blue", **asked}).content.decode()

    assert f'<span class="pill">{variant}</span>' in shown
    assert sentence in shown


def test_a_time_that_is_none_is_refused(ada: Client) -> None:
    make_flag()

    assert "Enter a date and a time" in ada.get(ASK, {"targetingKey": "a", "at": "soon"}).content.decode()


def test_every_use_is_listed_with_what_is_served_without_it(ada: Client) -> None:
    make_flag("site-avif", default="on")

    shown = ada.get("/admin/reliability_flags/flag/uses/").content.decode()

    for key in ("compact-document-list", "related-articles", "search-newest-first-boost", "site-avif"):
        assert key in shown
    assert shown.count("not made yet") == shown.count('<tr><th scope="row">') - 1
