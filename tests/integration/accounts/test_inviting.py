"""How people come in: by a letter, or by the command of an operator."""

import re
from io import StringIO
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks

from cms.accounts.actions import Limits, invite, resend_invitation
from cms.accounts.errors import AccountRefused
from cms.accounts.letters import send_invitation_letter
from cms.accounts.models import Role, Site, User
from tests.factories.people import NOW, acting, give
from tests.factories.site import World

PASSWORD = "a new long password"


def test_an_invited_person_chooses_a_password_and_signs_in(
    ada: User, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        invite(email="New@Example.org", name="Nele", role=Role.objects.get(key="author"), by=acting(ada), now=NOW)

    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["new@example.org"], "Your account on 127.0.0.1:8000")
    assert "Hello Nele," in letter.body
    _choose_password(client, str(letter.body))
    assert _sign_in(client, "new@example.org").status_code == 302


def test_the_letter_is_written_in_the_language_of_the_person(ada: User) -> None:
    user = invite(email="new@example.org", name="Nele", role=None, language="de", by=acting(ada), now=NOW, notify=False)

    send_invitation_letter(user)

    letter = mail.outbox[0]
    assert letter.subject == "Ein Konto auf 127.0.0.1:8000"
    assert "Hallo Nele," in letter.body
    assert "Der Link gilt einmal und für" in letter.body


def test_no_letter_is_sent_for_what_did_not_happen(
    ada: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(AccountRefused, match="already") as refused:
        invite(email="ADA@example.org", role=None, by=acting(ada), now=NOW)

    assert refused.value.field == "email"
    assert mail.outbox == []


def test_a_wrong_address_is_refused(ada: User) -> None:
    with pytest.raises(AccountRefused, match="not-an-address: this is no e-mail address"):
        invite(email="not-an-address", role=None, by=acting(ada), now=NOW)


def test_a_refused_role_leaves_no_person_behind(ada: User) -> None:
    with pytest.raises(AccountRefused):
        invite(
            email="new@example.org",
            role=Role.objects.get(key="author"),
            limits=Limits(expires_at=NOW),
            by=acting(ada),
            now=NOW,
        )

    assert not User.objects.filter(email="new@example.org").exists()


def test_the_letter_can_be_sent_again_until_there_is_a_password(
    ada: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    user = invite(email="new@example.org", role=None, by=acting(ada), now=NOW, notify=False)

    with django_capture_on_commit_callbacks(execute=True):
        resend_invitation(user=user, by=acting(ada), now=NOW)

    assert len(mail.outbox) == 1
    with pytest.raises(AccountRefused, match="has a password"):
        resend_invitation(user=ada, by=acting(ada), now=NOW)


def test_who_let_the_invitation_expire_asks_for_a_link(ada: User, client: Client) -> None:
    invite(email="new@example.org", role=None, by=acting(ada), now=NOW, notify=False)

    client.post("/admin/password_reset/", {"email": "new@example.org"})

    assert mail.outbox[0].to == ["new@example.org"]


def test_an_operator_makes_the_first_administrator_by_a_link(db: None, client: Client) -> None:
    out = StringIO()

    call_command("invite", "First@example.org", print_link=True, stdout=out)

    assert mail.outbox == []
    _choose_password(client, out.getvalue())
    assert _sign_in(client, "first@example.org").status_code == 302
    assert acting(User.objects.get(email="first@example.org")).may("accounts", now=NOW)


def test_the_command_gives_a_new_link_until_there_is_a_password(db: None, client: Client) -> None:
    call_command("invite", "first@example.org", stdout=StringIO())

    call_command("invite", "first@example.org", stdout=StringIO())

    assert len(mail.outbox) == 2
    assert User.objects.get().grants.count() == 1


def test_the_command_limits_a_role_to_a_site(world: World) -> None:
    call_command("invite", "x@example.org", role="editor", site="main", stdout=StringIO())

    grant = User.objects.get(email="x@example.org").grants.get()
    assert (grant.role.key, grant.site) == ("editor", Site.objects.get(key="main"))


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"role": "boss"}, "--role boss: there is no such role; take one of: administrator, author, editor."),
        ({"site": "moon"}, "--site moon: there is no such site; there are: main."),
    ],
)
def test_the_command_names_what_there_is(world: World, options: dict[str, str], reason: str) -> None:
    with pytest.raises(CommandError, match=re.escape(reason)):
        call_command("invite", "x@example.org", **options)

    assert not User.objects.exists()


def test_the_command_says_what_to_do_when_no_mail_leaves(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise SMTPServerDisconnected("gone")

    monkeypatch.setattr("cms.accounts.letters.send_mail", fail)

    with pytest.raises(CommandError, match="Check CMS_EMAIL_URL and run the command again, or take --print-link"):
        call_command("invite", "x@example.org")


def test_djangos_own_command_takes_an_address(db: None) -> None:
    call_command("createsuperuser", email="Root@example.org", interactive=False, stdout=StringIO())

    root = User.objects.get(email="root@example.org")
    assert acting(root).may("accounts", now=NOW)
    assert not root.has_usable_password()


def test_a_grant_with_an_end_counts_until_then(cleo: User) -> None:
    from datetime import timedelta

    give(cleo, "author", expires_at=NOW + timedelta(hours=1))

    assert acting(cleo).may("edit", now=NOW + timedelta(minutes=59))
    assert not acting(cleo).may("edit", now=NOW + timedelta(hours=1))


def _choose_password(client: Client, text: str) -> None:
    path = re.search(r"http://127\.0\.0\.1:8000(/admin/password_reset/\S+)", text)
    assert path is not None
    form = client.get(path[1], follow=True)
    client.post(form.redirect_chain[-1][0], {"new_password1": PASSWORD, "new_password2": PASSWORD})


def _sign_in(client: Client, email: str) -> Any:
    return client.post("/admin/login/", {"username": email, "password": PASSWORD, "next": "/admin/"})
