"""Sites and locales: what is refused, and who hears of a change."""

from typing import Any

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from cms.accounts import sites
from cms.accounts.actions import save_locale, save_site
from cms.accounts.errors import AccountRefused
from cms.accounts.models import Locale, Site
from reliability.outbox.models import Event
from tests.factories.people import NOW, SYSTEM
from tests.factories.site import World


def test_a_change_is_told_to_all_processes_and_seen_after_the_commit(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    assert sites.current().by_key["main"].hosts == ()
    world.site.hosts = ["WWW.Example.org"]

    with django_capture_on_commit_callbacks(execute=True):
        save_site(site=world.site, locales={world.english: "", world.german: "de"}, by=SYSTEM, now=NOW)

    assert sites.current().by_key["main"].hosts == ("www.example.org",)
    assert Event.objects.filter(kind="cms.site.changed", subject=str(world.site.pk)).count() == 1


def test_prefixes_can_change_places(world: World) -> None:
    save_site(site=world.site, locales={world.english: "en", world.german: ""}, by=SYSTEM, now=NOW)

    sites.forget()
    assert sites.current().by_key["main"].prefixes == {"en": "en", "de": ""}


def test_a_new_default_site_takes_over(world: World) -> None:
    site = Site(key="other", name="Other", is_default=True, default_locale=world.english)

    save_site(site=site, locales={world.english: ""}, by=SYSTEM, now=NOW)

    assert list(Site.objects.filter(is_default=True)) == [site]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"hosts": ["https://example.org"]}, "hosts", "is no host name"),
        ({"hosts": ["example.org", "EXAMPLE.org"]}, "hosts", "named twice"),
        ({"hosts": ["taken.example"]}, "hosts", "taken.example shows Other already"),
        ({"is_default": False}, "is_default", "Make another site the default one"),
        ({"name": ""}, "name", "This field cannot be blank"),
        ({"key": "a b"}, "key", "valid “slug”"),
    ],
)
def test_a_wrong_site_is_refused(world: World, changes: dict[str, Any], field: str, reason: str) -> None:
    other = Site(key="other", name="Other", hosts=["taken.example"], default_locale=world.english)
    save_site(site=other, locales={world.english: ""}, by=SYSTEM, now=NOW)
    for name, value in changes.items():
        setattr(world.site, name, value)

    with pytest.raises(AccountRefused, match=reason) as refused:
        save_site(site=world.site, locales={world.english: "", world.german: "de"}, by=SYSTEM, now=NOW)

    assert refused.value.field == field
    assert Site.objects.get(pk=world.site.pk).name == "Main"


def test_the_default_locale_belongs_to_the_site(world: World) -> None:
    with pytest.raises(AccountRefused, match="must be one of the site's locales"):
        save_site(site=world.site, locales={world.german: ""}, by=SYSTEM, now=NOW)


def test_two_locales_do_not_share_a_prefix(world: World) -> None:
    with pytest.raises(AccountRefused, match="could not be told apart"):
        save_site(site=world.site, locales={world.english: "", world.german: ""}, by=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    ("fallback", "reason"),
    [
        (["xx"], "xx: there is no such locale"),
        (["de"], "cannot fall back to itself"),
        (["en", "en"], "named twice"),
        (["de-CH"], "de-CH falls back to de itself; that would be a loop"),
    ],
)
def test_a_wrong_fallback_is_refused(world: World, fallback: list[str], reason: str) -> None:
    save_locale(locale=Locale(code="de-CH", name="Swiss", fallback=["de", "en"]), by=SYSTEM, now=NOW)
    world.german.fallback = fallback

    with pytest.raises(AccountRefused, match=reason) as refused:
        save_locale(locale=world.german, by=SYSTEM, now=NOW)

    assert refused.value.field == "fallback"
    assert Locale.objects.get(code="de").fallback == ["en"]


def test_a_loop_over_three_locales_is_found(world: World) -> None:
    save_locale(locale=Locale(code="fr", name="French", fallback=["de"]), by=SYSTEM, now=NOW)
    world.english.fallback = ["fr"]  # German falls back to English.

    with pytest.raises(AccountRefused, match="fr falls back to en itself"):
        save_locale(locale=world.english, by=SYSTEM, now=NOW)


@pytest.mark.parametrize("code", ["", "DE", "de_CH", "german!"])
def test_a_code_is_a_language_tag(world: World, code: str) -> None:
    with pytest.raises(AccountRefused) as refused:
        save_locale(locale=Locale(code=code, name="New"), by=SYSTEM, now=NOW)

    assert refused.value.field == "code"


def test_a_code_is_never_changed(world: World) -> None:
    world.german.code = "at"

    with pytest.raises(AccountRefused, match="The code stays de"):
        save_locale(locale=world.german, by=SYSTEM, now=NOW)
