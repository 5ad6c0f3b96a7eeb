"""Nobody gives, changes or takes what is wider than their own, and an administrator always remains."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from cms.accounts.actions import (
    Limits,
    change_grant,
    change_person,
    deactivate,
    delete_group,
    delete_role,
    ensure_starter_roles,
    grant_role,
    invite,
    revoke_grant,
    save_locale,
    save_role,
    save_site,
)
from cms.accounts.actor import Actor, PermissionMissing, RightsTooWide
from cms.accounts.errors import AccountRefused, LastAdministrator
from cms.accounts.models import AuditEntry, Grant, Locale, Role, Site, User
from tests.factories.people import NOW, SYSTEM, acting, give, make_person, with_role
from tests.factories.site import World

LATER = NOW + timedelta(days=7)


@pytest.fixture
def elsewhere(world: World) -> Site:
    """Give a second site."""
    site = Site(key="other", name="Other", default_locale=world.english)
    return save_site(site=site, locales={world.english: ""}, by=SYSTEM, now=NOW)


@pytest.fixture
def local(world: World) -> User:
    """Give Lea, an administrator of the main site alone."""
    return with_role(make_person("Lea"), "administrator", site=world.site)


ACTIONS: dict[str, Callable[[Actor, User], object]] = {
    "invite": lambda by, _ada: invite(email="new@example.org", role=None, by=by, now=NOW),
    "grant_role": lambda by, ada: grant_role(role=Role.objects.get(key="author"), to=ada, by=by, now=NOW),
    "revoke_grant": lambda by, ada: revoke_grant(grant=ada.grants.get(), by=by, now=NOW),
    "change_person": lambda by, ada: change_person(user=ada, email="x@x.org", name="", is_staff=True, by=by, now=NOW),
    "deactivate": lambda by, ada: deactivate(user=ada, by=by, now=NOW),
    "save_role": lambda by, _ada: save_role(role=Role(key="x", name="X"), actions=["view"], by=by, now=NOW),
    "save_locale": lambda by, _ada: save_locale(locale=Locale(code="fr", name="Français"), by=by, now=NOW),
    "save_site": lambda by, _ada: save_site(site=Site(key="x", name="X"), locales={}, by=by, now=NOW),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_who_lacks_the_right_is_refused_and_nothing_is_written(ada: User, ben: User, cleo: User, name: str) -> None:
    entries = AuditEntry.objects.count()

    for refused in (ben, cleo):
        with pytest.raises(PermissionMissing):
            ACTIONS[name](acting(refused), ada)

    assert AuditEntry.objects.count() == entries


def test_an_administrator_of_one_site_gives_roles_there_only(local: User, cleo: User, world: World) -> None:
    editor = Role.objects.get(key="editor")
    here = Limits(site=world.site)

    grant = grant_role(role=editor, to=cleo, limits=here, by=acting(local), now=NOW)

    assert grant.site == world.site
    with pytest.raises(RightsTooWide):
        grant_role(role=editor, to=cleo, by=acting(local), now=NOW)


def test_an_administrator_of_one_site_gives_none_on_another(local: User, cleo: User, elsewhere: Site) -> None:
    author = Role.objects.get(key="author")

    with pytest.raises(RightsTooWide):
        grant_role(role=author, to=cleo, limits=Limits(site=elsewhere), by=acting(local), now=NOW)

    assert not cleo.grants.exists()


def test_a_grant_is_not_widened(local: User, cleo: User, world: World) -> None:
    grant = give(cleo, "author", site=world.site)

    with pytest.raises(RightsTooWide):
        change_grant(grant=grant, role=grant.role, limits=Limits(), by=acting(local), now=NOW)

    assert Grant.objects.get(pk=grant.pk).site == world.site


def test_a_wider_grant_is_not_taken_away(local: User, ben: User) -> None:
    grant = ben.grants.get()
    grant.role = Role.objects.get(key="author")  # As a form would leave it in memory.

    with pytest.raises(RightsTooWide):
        revoke_grant(grant=grant, by=acting(local), now=NOW)


def test_somebody_who_may_do_more_is_not_taken_over(local: User, ada: User) -> None:
    with pytest.raises(RightsTooWide):
        change_person(user=ada, email="lea2@example.org", name="Ada", is_staff=True, by=acting(local), now=NOW)
    with pytest.raises(RightsTooWide):
        deactivate(user=ada, by=acting(local), now=NOW)

    assert User.objects.get(pk=ada.pk).email == "ada@example.org"


def test_a_superuser_is_changed_by_superusers_only(ada: User) -> None:
    root = User.objects.create_superuser("root@example.org")

    with pytest.raises(RightsTooWide):
        change_person(user=root, email="ada2@example.org", name="", is_staff=True, by=acting(ada), now=NOW)


def test_joining_a_group_gives_nothing_that_one_may_not_give(local: User, cleo: User) -> None:
    group = Group.objects.create(name="Everywhere")
    grant_role(role=Role.objects.get(key="editor"), to=group, by=SYSTEM, now=NOW)

    with pytest.raises(RightsTooWide):
        change_person(
            user=cleo, email=cleo.email, name="Cleo", is_staff=True, groups=[group], by=acting(local), now=NOW
        )

    assert not cleo.groups.exists()


def test_rights_with_an_end_are_not_handed_on_without_one(cleo: User) -> None:
    guest = with_role(make_person("Gil"), "administrator", expires_at=LATER)
    author = Role.objects.get(key="author")

    grant_role(role=author, to=cleo, limits=Limits(expires_at=LATER), by=acting(guest), now=NOW)

    with pytest.raises(RightsTooWide):
        grant_role(role=author, to=cleo, by=acting(guest), now=NOW)


def test_a_role_is_changed_by_those_who_hold_it_everywhere(local: User) -> None:
    author = Role.objects.get(key="author")

    with pytest.raises(RightsTooWide):
        save_role(role=author, actions=["view"], by=acting(local), now=NOW)


def test_a_locale_concerns_all_sites(local: User, world: World) -> None:
    with pytest.raises(RightsTooWide):
        save_locale(locale=world.german, by=acting(local), now=NOW)


def test_a_site_is_changed_by_its_administrator(local: User, world: World, elsewhere: Site) -> None:
    world.site.name = "Renamed"
    locales = {world.english: "", world.german: "de"}

    save_site(site=world.site, locales=locales, by=acting(local), now=NOW)

    assert Site.objects.get(key="main").name == "Renamed"
    with pytest.raises(RightsTooWide):
        save_site(site=elsewhere, locales={world.english: ""}, by=acting(local), now=NOW)


def test_a_grant_that_has_ended_is_not_given(cleo: User) -> None:
    ensure_starter_roles()

    with pytest.raises(AccountRefused, match="The end has passed already"):
        grant_role(role=Role.objects.get(key="author"), to=cleo, limits=Limits(expires_at=NOW), by=SYSTEM, now=NOW)


LOSSES: dict[str, Callable[[User], object]] = {
    "deactivate": lambda ada: deactivate(user=ada, by=SYSTEM, now=NOW),
    "revoke": lambda ada: revoke_grant(grant=ada.grants.get(), by=SYSTEM, now=NOW),
    "other role": lambda ada: change_grant(
        grant=ada.grants.get(), role=Role.objects.get(key="author"), by=SYSTEM, now=NOW
    ),
    "an end": lambda ada: change_grant(
        grant=ada.grants.get(), role=ada.grants.get().role, limits=Limits(expires_at=LATER), by=SYSTEM, now=NOW
    ),
    "no admin": lambda ada: change_person(user=ada, email=ada.email, name="", is_staff=False, by=acting(ada), now=NOW),
    "weaker role": lambda _ada: save_role(
        role=Role.objects.get(key="administrator"), actions=["view"], by=SYSTEM, now=NOW
    ),
}


@pytest.mark.parametrize("way", LOSSES)
def test_the_last_administrator_stays(ada: User, ben: User, way: str) -> None:
    with pytest.raises(LastAdministrator, match="leave nobody who may manage people"):
        LOSSES[way](ada)

    assert User.objects.get(pk=ada.pk).is_active
    assert acting(ada).may("accounts", now=NOW)


@pytest.mark.parametrize("way", LOSSES)
def test_one_of_two_administrators_can_go(ada: User, way: str) -> None:
    User.objects.create_superuser("root@example.org")

    LOSSES[way](ada)


def test_the_last_administrator_may_be_one_by_a_group(cleo: User) -> None:
    ensure_starter_roles()
    group = Group.objects.create(name="Administrators")
    grant_role(role=Role.objects.get(key="administrator"), to=group, by=SYSTEM, now=NOW)
    change_person(user=cleo, email=cleo.email, name="Cleo", is_staff=True, groups=[group], by=SYSTEM, now=NOW)

    with pytest.raises(LastAdministrator):
        delete_group(group=group, by=SYSTEM, now=NOW)
    with pytest.raises(LastAdministrator):
        change_person(user=cleo, email=cleo.email, name="Cleo", is_staff=True, groups=[], by=SYSTEM, now=NOW)


def test_a_role_that_somebody_has_is_not_deleted(ben: User) -> None:
    with pytest.raises(AccountRefused, match="Editor is given to somebody"):
        delete_role(role=Role.objects.get(key="editor"), by=SYSTEM, now=NOW)

    assert not AuditEntry.objects.filter(action="cms.role.delete").exists()


def test_starter_roles_are_made_once_and_left_as_they_are(db: None) -> None:
    ensure_starter_roles()
    save_role(role=Role.objects.get(key="author"), actions=["view"], by=SYSTEM, now=NOW)

    ensure_starter_roles()

    assert sorted(Role.objects.values_list("key", flat=True)) == ["administrator", "author", "editor"]
    assert Role.objects.get(key="author").actions == ["view"]


def test_what_was_done_is_recorded_with_what_changed(ada: User, cleo: User, world: World) -> None:
    grant = grant_role(role=Role.objects.get(key="author"), to=cleo, by=acting(ada), now=NOW)

    change_grant(grant=grant, role=grant.role, limits=Limits(site=world.site), by=acting(ada), now=NOW)

    entry = AuditEntry.objects.get(action="cms.grant.change")
    assert (entry.actor_id, entry.actor_name, entry.at) == (ada.pk, "Ada", NOW)
    assert (entry.before, entry.after) == ({"site": None}, {"site": "main"})
