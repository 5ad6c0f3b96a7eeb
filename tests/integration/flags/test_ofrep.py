"""Anyone's OpenFeature client asks over HTTP: only for what clients may see, and with no say in who it is."""

import json
from typing import Any

import pytest
from django.test import Client

from reliability.flags import actions, process
from tests.factories.flags import FOR_ADA, NOW, SYSTEM, definition, make_flag

pytestmark = pytest.mark.django_db
BULK = "/ofrep/v1/evaluate/flags"


def ask(key: str | None = None, *, headers: dict[str, str] | None = None, **context: Any) -> Any:
    path = f"{BULK}/{key}" if key else BULK
    body = json.dumps({"context": context})
    return Client(headers={"host": "localhost"}).post(path, body, content_type="application/json", headers=headers)


@pytest.fixture
def visible() -> None:
    make_flag(targeting=FOR_ADA, client_visible=True)
    make_flag("secret", default="on")


def test_one_flag_is_answered_with_value_variant_and_reason(visible: None) -> None:
    answer = ask("new-editor", targetingKey="ada")

    assert answer.status_code == 200
    assert answer.json() == {"key": "new-editor", "value": True, "variant": "on", "reason": "TARGETING_MATCH"}


def test_of_flags_that_clients_may_not_see_nobody_hears(visible: None) -> None:
    answer = ask("secret")

    assert (answer.status_code, answer.json()["errorCode"]) == (404, "FLAG_NOT_FOUND")
    assert [each["key"] for each in ask().json()["flags"]] == ["new-editor"]


def test_all_flags_are_answered_again_only_when_something_changed(visible: None) -> None:
    first = ask(targetingKey="ada")
    same = ask(targetingKey="ada", headers={"If-None-Match": first["ETag"]})
    somebody_else = ask(targetingKey="ben", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, same.status_code, somebody_else.status_code) == (200, 304, 200)
    assert first["Access-Control-Expose-Headers"] == "ETag"


def test_a_kill_changes_the_tag_and_serves_its_variant(visible: None, django_capture_on_commit_callbacks: Any) -> None:
    before = ask(targetingKey="ada")
    with django_capture_on_commit_callbacks(execute=True):
        actions.kill_flag(key="new-editor", reason="it burns", by=SYSTEM, now=NOW)

    answer = ask(targetingKey="ada", headers={"If-None-Match": before["ETag"]})

    assert answer.status_code == 200
    assert answer.json()["flags"] == [{"key": "new-editor", "value": False, "variant": "off", "reason": "DISABLED"}]


def test_a_client_cannot_say_where_it_is_or_that_it_is_staff() -> None:
    rule = {"if": [{"or": [{"==": [{"var": "is_staff"}, True]}, {"==": [{"var": "region"}, "mars"]}]}, "on", "off"]}
    make_flag(targeting=rule, client_visible=True)

    assert ask("new-editor", is_staff=True, region="mars").json()["value"] is False


def test_a_disabled_flag_is_answered_with_its_kill_variant() -> None:
    text = {**definition(), "state": "DISABLED"}
    edit = actions.Edit(definition=text, client_visible=True)
    actions.create_flag(key="new-editor", edit=edit, by=SYSTEM, now=NOW)

    assert ask("new-editor").json() == {"key": "new-editor", "value": False, "variant": "off", "reason": "DISABLED"}


@pytest.mark.parametrize(
    ("body", "code"),
    [("{", "PARSE_ERROR"), ('{"context": []}', "INVALID_CONTEXT"), (f'{{"x": "{"y" * 17_000}"}}', "INVALID_CONTEXT")],
)
def test_a_bad_question_is_refused_in_the_form_of_the_protocol(visible: None, body: str, code: str) -> None:
    answer = Client(headers={"host": "localhost"}).post(BULK, body, content_type="application/json")

    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)
    assert "errorDetails" in answer.json()


def is_right(token: str) -> bool:
    return token == "right"


def test_a_token_is_asked_for_where_the_operator_wants_one(visible: None, settings: Any) -> None:
    check = f"{__name__}.is_right"
    settings.FLAGS = {**settings.FLAGS, "OFREP": "token", "OFREP_TOKEN_CHECK": check}

    found = [
        ask(headers=headers).status_code
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Bearer right"},
            {"X-API-Key": "right"},
        )
    ]

    assert found == [401, 401, 200, 200]


def test_it_can_be_switched_off(visible: None, settings: Any) -> None:
    settings.FLAGS = {**settings.FLAGS, "OFREP": "off"}

    assert ask().status_code == 404


@pytest.fixture
def served(live_server: Any, transactional_db: None) -> str:
    make_flag(targeting=FOR_ADA, client_visible=True)
    text = definition(default="ten", ten=10.0, half=0.5)
    edit = actions.Edit(definition=text, client_visible=True, kill_variant="ten")
    actions.create_flag(key="ratio", edit=edit, by=SYSTEM, now=NOW)
    process.forget()
    return str(live_server.url)


def test_the_public_python_client_understands_every_answer(served: str) -> None:
    from openfeature.contrib.provider.ofrep import OFREPProvider
    from openfeature.evaluation_context import EvaluationContext

    provider = OFREPProvider(served)
    ada = EvaluationContext("ada")

    on = provider.resolve_boolean_details("new-editor", False, ada)
    ratio = provider.resolve_float_details("ratio", 1.0, ada)
    actions.kill_flag(key="new-editor", reason="it burns", by=SYSTEM, now=NOW)
    off = provider.resolve_boolean_details("new-editor", True, ada)

    assert (on.value, on.variant, str(on.reason)) == (True, "on", "TARGETING_MATCH")
    assert (ratio.value, ratio.variant) == (10.0, "ten")
    assert (off.value, off.variant) == (False, "off")
