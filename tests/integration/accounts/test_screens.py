"""The screens of people, rights and sites save through actions, and show why one refused."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from cms.accounts.models import AuditEntry, Grant, Locale, Role, Site, User
from tests.factories.people import give, make_person, with_role
from tests.factories.site import World

PEOPLE = "/admin/cms_accounts/user/"
SCREENS = [
    PEOPLE,
    f"{PEOPLE}add/",
    "/admin/cms_accounts/role/",
    "/admin/cms_accounts/role/add/",
    "/admin/cms_accounts/site/",
    "/admin/cms_accounts/site/add/",
    "/admin/cms_accounts/locale/",
    "/admin/cms_accounts/locale/add/",
    "/admin/cms_accounts/auditentry/",
    "/admin/cms_accounts/auditentry/export.csv",
    "/admin/auth/group/",
    "/admin/auth/group/add/",
]


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="cms.accounts.backend.GrantBackend")
    return client


def grants(user: User, *rows: dict[str, Any]) -> dict[str, Any]:
    """Give the fields of the rows of grants, those with an id first."""
    existing = [row for row in rows if "id" in row]
    fields: dict[str, Any] = {"grants-TOTAL_FORMS": len(rows), "grants-INITIAL_FORMS": len(existing)}
    for number, row in enumerate(existing + [row for row in rows if "id" not in row]):
        fields |= {f"grants-{number}-{key}": value for key, value in {"user": user.pk, **row}.items()}
    return fields


def person(user: User, *rows: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Give the fields of a person's form as it is, with changes."""
    fields = {"email": user.email, "name": user.name, "is_active": "on", "is_staff": "on", **changes}
    return {key: value for key, value in fields.items() if value is not None} | grants(user, *rows)


@pytest.mark.parametrize("path", SCREENS)
def test_an_administrator_sees_every_screen(admin_of_all: Client, path: str) -> None:
    assert admin_of_all.get(path).status_code == 200


@pytest.mark.parametrize("path", SCREENS)
def test_an_editor_and_somebody_without_rights_see_none(ben: User, cleo: User, path: str) -> None:
    statuses = {browser_of(refused).get(path).status_code for refused in (ben, cleo)}

    assert statuses <= {403, 404}


def test_a_person_is_invited_with_a_role_for_a_subtree(
    admin_of_all: Client, world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    news = world.page("News")
    role = Role.objects.get(key="author")
    fields = {"email": "New@example.org", "name": "Nele", "language": "en", "role": role.pk, "tree_root": "main /news/"}

    with django_capture_on_commit_callbacks(execute=True):
        answer = admin_of_all.post(f"{PEOPLE}add/", fields)

    grant = Grant.objects.get(user__email="new@example.org")
    assert (answer.status_code, answer["Location"]) == (302, PEOPLE)
    assert (grant.role.key, grant.tree_root) == ("author", news.translation_group_id)
    assert mail.outbox[0].to == ["new@example.org"]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("main /nowhere/", "There is no page main /nowhere/"),
        ("news", "write one of these: main /news/, main /news-archive/."),
    ],
)
def test_a_page_that_is_not_clear_is_asked_for_again(
    admin_of_all: Client, world: World, page: str, reason: str
) -> None:
    world.page("News")
    world.page("News archive")
    fields = {"email": "new@example.org", "language": "en", "role": Role.objects.get(key="author").pk}

    answer = admin_of_all.post(f"{PEOPLE}add/", {**fields, "tree_root": page})

    assert reason in answer.context["adminform"].form.errors["tree_root"][0]
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_part_of_a_path_is_enough_where_it_is_clear(admin_of_all: Client, world: World) -> None:
    news = world.page("News")
    fields = {"email": "new@example.org", "language": "en", "role": Role.objects.get(key="author").pk}

    admin_of_all.post(f"{PEOPLE}add/", {**fields, "tree_root": "/new"})

    assert Grant.objects.get(user__email="new@example.org").tree_root == news.translation_group_id


def test_a_refusal_is_shown_in_the_form_which_keeps_what_was_written(admin_of_all: Client, ben: User) -> None:
    fields = {"email": "BEN@example.org", "name": "Another Ben", "language": "en"}
    fields["role"] = str(Role.objects.get(key="author").pk)

    answer = admin_of_all.post(f"{PEOPLE}add/", fields)

    assert answer.status_code == 200
    assert b"There is a person with the address ben@example.org already." in answer.content
    assert b'value="Another Ben"' in answer.content


def test_grants_are_given_changed_and_taken_back_in_one_form(admin_of_all: Client, cleo: User, world: World) -> None:
    first, second = give(cleo, "author"), give(cleo, "editor")
    author, editor = first.role, second.role
    rows = [
        {"id": first.pk, "role": author.pk, "site": world.site.pk},
        {"id": second.pk, "role": editor.pk, "DELETE": "on"},
        {"role": editor.pk, "site": world.site.pk, "expires_at_0": "2099-01-31", "expires_at_1": "12:00:00"},
    ]

    answer = admin_of_all.post(f"{PEOPLE}{cleo.pk}/change/", person(cleo, *rows))

    assert answer.status_code == 302, answer.context["errors"]
    left = list(cleo.grants.order_by("expires_at").values_list("role__key", "site__key", "expires_at__year"))
    assert sorted(left, key=str) == [("author", "main", None), ("editor", "main", 2099)]
    assert not Grant.objects.filter(pk=second.pk).exists()


def test_an_unchanged_form_writes_nothing(admin_of_all: Client, cleo: User) -> None:
    grant = give(cleo, "author")
    before = AuditEntry.objects.count()

    answer = admin_of_all.post(
        f"{PEOPLE}{cleo.pk}/change/", person(cleo, {"id": grant.pk, "role": grant.role.pk, "tree_root": ""})
    )

    assert answer.status_code == 302
    assert AuditEntry.objects.count() == before


def test_the_last_administrator_cannot_be_switched_off_in_the_form(ada: User, admin_of_all: Client) -> None:
    grant = ada.grants.get()
    rows = {"id": grant.pk, "role": grant.role.pk}

    answer = admin_of_all.post(f"{PEOPLE}{ada.pk}/change/", person(ada, rows, is_active=None))

    assert b"This would leave nobody who may manage people everywhere." in answer.content
    assert User.objects.get(pk=ada.pk).is_active


def test_a_local_administrator_cannot_make_themselves_one_of_everything(world: World) -> None:
    lea = with_role(make_person("Lea"), "administrator", site=world.site)
    grant = lea.grants.get()

    answer = browser_of(lea).post(
        f"{PEOPLE}{lea.pk}/change/", person(lea, {"id": grant.pk, "role": grant.role.pk, "site": ""})
    )

    assert b"These rights are wider than your own" in answer.content
    assert lea.grants.get().site == world.site


def test_an_invitation_is_sent_again(
    admin_of_all: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    nele = make_person("Nele", password=None)
    form = admin_of_all.get(f"{PEOPLE}{nele.pk}/change/")

    with django_capture_on_commit_callbacks(execute=True):
        admin_of_all.post(f"{PEOPLE}{nele.pk}/invite/")

    assert b"Send the invitation again" in form.content
    assert mail.outbox[0].to == ["nele@example.org"]


def test_people_are_not_deleted(admin_of_all: Client, cleo: User) -> None:
    assert admin_of_all.post(f"{PEOPLE}{cleo.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_role_is_made_of_explained_actions(admin_of_all: Client) -> None:
    form = admin_of_all.get("/admin/cms_accounts/role/add/")

    admin_of_all.post(
        "/admin/cms_accounts/role/add/", {"name": "Proof", "key": "proof", "actions": ["comment", "view"]}
    )

    assert "<strong>Publish</strong> – Publish, schedule and unpublish" in form.content.decode()
    assert Role.objects.get(key="proof").actions == ["view", "comment"]


def test_a_role_in_use_is_not_deleted_and_the_screen_says_so(admin_of_all: Client, ben: User) -> None:
    role = Role.objects.get(key="editor")

    admin_of_all.post(f"/admin/cms_accounts/role/{role.pk}/delete/", {"post": "yes"}, follow=True)

    assert Role.objects.filter(key="editor").exists()


def test_a_group_gets_roles_and_its_members_have_them(admin_of_all: Client, ada: User, cleo: User) -> None:
    role = Role.objects.get(key="administrator")
    rows = {"grants-TOTAL_FORMS": 1, "grants-INITIAL_FORMS": 0, "grants-0-role": role.pk}

    admin_of_all.post("/admin/auth/group/add/", {"name": "Everybody", **rows})
    group = Group.objects.get()
    admin_of_all.post(f"{PEOPLE}{cleo.pk}/change/", person(cleo, groups=[group.pk]))

    assert browser_of(cleo).get(PEOPLE).status_code == 200


def test_a_site_and_its_locales_are_saved_together(admin_of_all: Client, world: World) -> None:
    fields = {
        "name": "Shop",
        "key": "shop",
        "hosts": "shop.example.org\r\nshop.example.com",
        "default_locale": world.german.pk,
        "site_locales-TOTAL_FORMS": 2,
        "site_locales-INITIAL_FORMS": 0,
        "site_locales-0-locale": world.german.pk,
        "site_locales-0-prefix": "",
        "site_locales-1-locale": world.english.pk,
        "site_locales-1-prefix": "en",
    }

    answer = admin_of_all.post("/admin/cms_accounts/site/add/", fields)

    site = Site.objects.get(key="shop")
    assert answer.status_code == 302
    assert site.hosts == ["shop.example.org", "shop.example.com"]
    assert sorted(site.site_locales.values_list("locale__code", "prefix")) == [("de", ""), ("en", "en")]


def test_a_locale_that_is_unknown_is_named_at_its_field(admin_of_all: Client, world: World) -> None:
    fields = {"name": "Deutsch", "fallback": "xx", "direction": "ltr", "search_configuration": "german"}

    answer = admin_of_all.post(f"/admin/cms_accounts/locale/{world.german.pk}/change/", fields)

    assert answer.context["adminform"].form.errors["fallback"] == ["xx: there is no such locale. Add it first."]
    assert Locale.objects.get(code="de").fallback == ["en"]


def test_the_number_of_statements_does_not_grow_with_the_people(admin_of_all: Client) -> None:
    give(make_person("First"), "author")
    few = _statements(admin_of_all)
    for number in range(5):
        give(make_person(f"Person{number}"), "author")

    assert _statements(admin_of_all) == few


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(PEOPLE)
    return len(queries)
