"""Forgotten, new and changed passwords."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from cms.accounts.models import AuditEntry, User
from tests.factories.people import PASSWORD, make_person

NEW = "a new long password"


def ask(client: Client, email: str) -> Any:
    return client.post("/admin/password_reset/", {"email": email}, follow=True)


def link() -> str:
    """Find the path of the link in the letter that was sent last."""
    found = re.search(r"http://127\.0\.0\.1:8000(/admin/password_reset/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def choose(client: Client, path: str, password: str = NEW) -> Any:
    form = client.get(path, follow=True)
    fields = {"new_password1": password, "new_password2": password}
    return client.post(form.redirect_chain[-1][0], fields, follow=True)


def test_a_letter_leads_to_a_new_password(ada: User, client: Client) -> None:
    ask(client, "ADA@example.org")

    answer = choose(client, link())

    assert b"Sign in with your e-mail address and the new password." in answer.content
    assert mail.outbox[0].to == ["ada@example.org"]
    assert client.login(request=answer.wsgi_request, username="ada@example.org", password=NEW)
    assert AuditEntry.objects.get(action="cms.user.password").actor_id == ada.pk


def test_the_answer_does_not_tell_whether_an_address_is_known(ada: User, client: Client) -> None:
    make_person("Former", is_active=False)

    known, unknown, inactive = (ask(Client(), f"{name}@example.org") for name in ("ada", "nobody", "former"))

    assert known.content == unknown.content == inactive.content
    assert [letter.to for letter in mail.outbox] == [["ada@example.org"]]


def test_nobody_is_flooded_with_letters(ada: User, client: Client) -> None:
    ask(client, "ada@example.org")
    ask(client, "ada@example.org")

    assert len(mail.outbox) == 1


def test_the_link_does_not_come_from_the_host_of_the_request(ada: User) -> None:
    ask(Client(headers={"host": "localhost"}), "ada@example.org")

    assert "http://127.0.0.1:8000/admin/" in mail.outbox[0].body
    assert "localhost" not in mail.outbox[0].body


def test_a_link_works_once(ada: User, client: Client) -> None:
    ask(client, "ada@example.org")
    choose(client, link())

    again = Client().get(link(), follow=True)

    assert b"This link does not work any more" in again.content


def test_a_link_expires(ada: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(client, "ada@example.org")
    later = datetime.now() + timedelta(days=3, seconds=10)  # noqa: DTZ005  (as Django counts it)
    monkeypatch.setattr("django.contrib.auth.tokens.default_token_generator._now", lambda: later)

    answer = client.get(link(), follow=True)

    assert b"This link does not work any more" in answer.content


def test_a_new_password_ends_a_lockout(ada: User, client: Client) -> None:
    for _attempt in range(5):
        client.post("/admin/login/", {"username": "ada@example.org", "password": "wrong"})
    ask(client, "ada@example.org")

    choose(client, link())

    answer = client.post("/admin/login/", {"username": "ada@example.org", "password": NEW, "next": "/admin/"})
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "too short"),
        ("password123456", "too common"),
        ("ada@example.org", "too similar"),
        ("31415926535897", "entirely numeric"),
        ("upgrade-demo", "printed in the documentation"),
    ],
)
def test_weak_passwords_are_refused(ada: User, client: Client, settings: Any, password: str, reason: str) -> None:
    settings.FORBIDDEN_PASSWORDS = ["upgrade-demo"]
    ask(client, "ada@example.org")

    answer = choose(client, link(), password)

    assert reason in str(answer.context["form"].errors["new_password2"])
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)


def test_ones_own_password_is_changed_with_the_old_one(ada: User, admin_of_all: Client) -> None:
    other = Client()
    other.force_login(ada, backend="cms.accounts.backend.GrantBackend")
    fields = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}

    answer = admin_of_all.post("/admin/password_change/", fields)

    assert (answer.status_code, answer["Location"]) == (302, "/admin/profile/")
    assert User.objects.get(pk=ada.pk).check_password(NEW)
    assert admin_of_all.get("/admin/profile/").status_code == 200
    assert other.get("/admin/profile/").status_code == 302


def test_a_wrong_old_password_changes_nothing(ada: User, admin_of_all: Client) -> None:
    fields = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}

    answer = admin_of_all.post("/admin/password_change/", fields)

    assert "old_password" in answer.context["form"].errors
    assert User.objects.get(pk=ada.pk).check_password(PASSWORD)


@pytest.mark.parametrize("path", ["/admin/profile/", "/admin/password_change/"])
def test_own_pages_ask_to_sign_in(path: str, client: Client, db: None) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["Location"]) == (302, f"/admin/login/?next={path}")
