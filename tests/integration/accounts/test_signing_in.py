"""Signing in by e-mail, and what happens to those who guess."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import get_hasher
from django.test import Client

from cms.accounts.models import User
from tests.factories.people import PASSWORD, make_person

LOGIN = "/admin/login/"
MESSAGE = "No account that may use the admin has this e-mail address and password."


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return client.post(LOGIN, {"username": email, "password": password, "next": "/admin/"}, **extra)


@pytest.mark.parametrize("email", ["ada@example.org", "Ada@Example.ORG", " ada@example.org "])
def test_the_address_is_compared_without_regard_to_case(ada: User, client: Client, email: str) -> None:
    answer = sign_in(client, email)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_unknown_address_wrong_password_and_no_access_get_the_same_answer(ada: User, client: Client) -> None:
    make_person("Former", is_active=False)
    make_person("Reader", is_staff=False)

    answers = [
        sign_in(client, "nobody@example.org"),
        sign_in(client, "ada@example.org", "wrong password"),
        sign_in(client, "former@example.org"),
        sign_in(client, "reader@example.org"),
    ]

    errors = [answer.context["form"].non_field_errors() for answer in answers]
    assert all(len(each) == 1 and each[0].startswith(MESSAGE) for each in errors)
    assert len({each[0] for each in errors}) == 1


@pytest.mark.parametrize("email", ["nobody@example.org", "ada@example.org", "former@example.org"])
def test_every_attempt_costs_one_hash(ada: User, client: Client, monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    make_person("Former", is_active=False)
    hasher, hashed = get_hasher(), []
    monkeypatch.setattr(type(hasher), "encode", _counting(type(hasher).encode, hashed))

    sign_in(client, email, "wrong password")

    assert len(hashed) == 1


def test_the_fifth_failure_locks_out_for_fifteen_minutes(ada: User, client: Client) -> None:
    for _attempt in range(4):
        assert sign_in(client, "ada@example.org", "wrong password").status_code == 200

    answer = sign_in(client, "ADA@example.org", "wrong password")

    assert answer.status_code == 429
    assert 880 < int(answer["Retry-After"]) <= 900
    assert b"Try again in 15 minutes." in answer.content
    assert b'href="/admin/password_reset/"' in answer.content


def test_locked_out_the_right_password_does_not_help_and_does_not_prolong(ada: User, client: Client) -> None:
    _lock_out(client)
    AccessAttempt.objects.update(attempt_time=_minutes_ago(10))

    answer = sign_in(client, "ada@example.org")

    assert answer.status_code == 429
    assert 280 < int(answer["Retry-After"]) <= 300


def test_a_lockout_ends_by_itself(ada: User, client: Client) -> None:
    _lock_out(client)
    AccessAttempt.objects.update(attempt_time=_minutes_ago(16))

    answer = sign_in(client, "ada@example.org")

    assert answer.status_code == 302


def test_a_lockout_concerns_one_address_of_one_client(ada: User, ben: User, client: Client) -> None:
    _lock_out(client)

    elsewhere = sign_in(Client(), "ada@example.org", REMOTE_ADDR="198.51.100.7")
    somebody_else = sign_in(Client(), "ben@example.org")

    assert (elsewhere.status_code, somebody_else.status_code) == (302, 302)


def test_behind_a_trusted_proxy_the_last_forwarded_address_counts(ada: User, client: Client, settings: Any) -> None:
    settings.TRUST_PROXY = True
    for forged in range(5):
        sign_in(client, "ada@example.org", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{forged}, 198.51.100.7")

    same_client = sign_in(client, "ada@example.org", HTTP_X_FORWARDED_FOR="192.0.2.1, 198.51.100.7")
    other_client = sign_in(client, "ada@example.org", HTTP_X_FORWARDED_FOR="198.51.100.7, 198.51.100.8")

    assert (same_client.status_code, other_client.status_code) == (429, 302)


def test_without_a_trusted_proxy_forwarded_addresses_are_not_believed(ada: User, client: Client) -> None:
    for forged in range(5):
        answer = sign_in(client, "ada@example.org", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{forged}")

    assert answer.status_code == 429


def test_a_password_that_everybody_knows_is_refused_with_the_reason(client: Client, settings: Any, db: None) -> None:
    settings.FORBIDDEN_PASSWORDS = ["upgrade-demo"]
    make_person("Ada", password="upgrade-demo")

    answer = sign_in(client, "ada@example.org", "upgrade-demo")

    assert answer.status_code == 200
    assert "everybody knows; it does not work in production" in answer.context["form"].errors["password"][0]
    assert not client.session.get("_auth_user_id")


def test_somebody_switched_off_is_signed_out(ada: User, admin_of_all: Client) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)

    answer = admin_of_all.get("/admin/")

    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/")


def _lock_out(client: Client) -> None:
    for _attempt in range(5):
        sign_in(client, "ada@example.org", "wrong password")


def _minutes_ago(minutes: int) -> Any:
    from django.utils import timezone

    return timezone.now() - timedelta(minutes=minutes)


def _counting(encode: Any, calls: list[object]) -> Any:
    def counted(self: object, password: str, salt: str, *args: Any, **kwargs: Any) -> Any:
        calls.append(password)
        return encode(self, password, salt, *args, **kwargs)

    return counted
