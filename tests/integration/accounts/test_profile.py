"""One's own name, language and time zone."""

from django.test import Client

from cms.accounts.models import AuditEntry, User
from tests.factories.people import NOW

PROFILE = "/admin/profile/"


def test_the_admin_speaks_the_chosen_language(ada: User, admin_of_all: Client) -> None:
    fields = {"name": "Ada L.", "language": "de", "time_zone": "Europe/Berlin"}

    answer = admin_of_all.post(PROFILE, fields, follow=True)

    assert b'<html lang="de"' in answer.content
    assert User.objects.get(pk=ada.pk).name == "Ada L."


def test_times_are_shown_in_the_chosen_zone(ada: User, admin_of_all: Client) -> None:
    User.objects.filter(pk=ada.pk).update(time_zone="Asia/Tokyo", last_login=NOW)

    answer = admin_of_all.get("/admin/cms_accounts/user/")

    assert b"Nov. 2, 2026, 5 p.m." in answer.content


def test_an_unknown_zone_is_refused(ada: User, admin_of_all: Client) -> None:
    answer = admin_of_all.post(PROFILE, {"name": "Ada", "language": "", "time_zone": "Mars/Olympus"})

    assert "time_zone" in answer.context["form"].errors
    assert User.objects.get(pk=ada.pk).time_zone == "UTC"


def test_what_changed_is_recorded(ada: User, admin_of_all: Client) -> None:
    admin_of_all.post(PROFILE, {"name": "Ada", "language": "", "time_zone": "Europe/Berlin"})

    entry = AuditEntry.objects.get(action="cms.user.profile")
    assert (entry.actor_id, entry.before, entry.after) == (
        ada.pk,
        {"time_zone": "UTC"},
        {"time_zone": "Europe/Berlin"},
    )
    assert entry.address == "127.0.0.1"
