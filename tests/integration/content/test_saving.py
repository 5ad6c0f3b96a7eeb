"""Saving a draft: nothing is lost, and nobody overwrites somebody else unseen."""

from datetime import timedelta

import pytest

from cms.accounts.actor import Actor, PermissionMissing
from cms.accounts.decision import Rule
from cms.content.actions import create_document, restore_revision, save_draft
from cms.content.draft import Draft
from cms.content.errors import PathTaken, PlaceRefused, VersionConflict
from cms.content.models import Document, Reference, Revision
from cms.content.problems import InvalidValue
from tests.factories.site import NOW, SYSTEM, World, paragraph

CLEO = Actor(id=None, name="Cleo", rules=lambda: (Rule(frozenset({"view"})),))


def save(document: Document, *, base: int, by: Actor = SYSTEM, slug: str = "", **fields: object) -> Document:
    draft = Draft(fields=fields, slug=slug)
    return save_draft(document_id=document.pk, base_version=base, draft=draft, by=by, now=NOW)


def test_every_save_is_a_revision_that_stays(world: World) -> None:
    page = world.page("First")

    save(page, base=1, title="Second")

    kept = Revision.objects.filter(document=page).order_by("number")
    assert [each.values["fields"]["title"] for each in kept] == ["First", "Second"]


def test_a_save_on_top_of_an_old_version_is_refused_and_writes_nothing(world: World) -> None:
    page = world.page("Page")
    save(page, base=1, title="Hers")

    with pytest.raises(VersionConflict) as refused:
        save(page, base=1, title="His")

    assert (refused.value.base, refused.value.current) == (1, 2)
    assert Document.objects.get(pk=page.pk).title == "Hers"
    assert Revision.objects.filter(document=page).count() == 2


def test_a_field_that_is_left_out_keeps_its_value(world: World) -> None:
    page = world.page("Page", summary="Kept")

    save(page, base=1, title="Renamed")

    assert Revision.objects.get(document=page, number=2).values["fields"]["summary"] == "Kept"


def test_an_unknown_field_and_a_wrong_kind_are_both_named(world: World) -> None:
    page = world.page("Page")

    with pytest.raises(InvalidValue) as refused:
        save(page, base=1, title=7, ghost="x")

    assert {problem.path for problem in refused.value.problems} == {"title", "ghost"}


def test_script_in_rich_text_is_taken_away(world: World) -> None:
    page = world.page("Page", body=[paragraph('<p onclick="x()">Hi<script>alert(1)</script></p>')])

    body = Revision.objects.get(document=page).values["fields"]["body"]
    assert body[0]["value"]["html"] == "<p>Hi</p>"


def test_a_slug_that_a_sibling_has_is_refused(world: World) -> None:
    world.page("One", slug="same")
    two = world.page("Two")

    with pytest.raises(PathTaken):
        save(two, base=1, title="Two", slug="same")


@pytest.mark.parametrize("slug", ["Has Space", "UPPER", "a/b", "-a", ".."])
def test_a_slug_that_cannot_stand_in_an_address_is_refused(world: World, slug: str) -> None:
    page = world.page("Page")

    with pytest.raises(InvalidValue) as refused:
        save(page, base=1, title="Page", slug=slug)

    assert refused.value.problems[0].path == "slug"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Über uns", "uber-uns"),
        ("About us", "about-us"),
        ("مرحبا بالعالم", "مرحبا-بالعالم"),
        ("  ", "page-"),
        ("🎉", "page-"),
    ],
)
def test_a_slug_is_proposed_from_any_title(world: World, title: str, slug: str) -> None:
    page = world.page(title)

    assert page.slug.startswith(slug)


def test_the_same_title_twice_gets_another_slug(world: World) -> None:
    world.page("Same")

    assert world.page("Same").slug == "same-2"


def test_links_are_known_as_references(world: World) -> None:
    target = world.page("Target")
    link = f'<p><a href="cms:document/{target.translation_group_id}">there</a></p>'

    source = world.page("Source", body=[paragraph(link)])

    found = Reference.objects.get(from_document=source)
    assert (found.to_group_id, found.path) == (target.translation_group_id, "body.aaaaaaaaaaaa.html")


def test_without_a_grant_nothing_is_written(world: World) -> None:
    page = world.page("Page")

    with pytest.raises(PermissionMissing):
        save(page, base=1, by=CLEO, title="Mine")
    with pytest.raises(PermissionMissing):
        world.document("page", under=world.home, by=CLEO, title="New")

    assert Document.objects.get(pk=page.pk).version == 1
    assert not Document.objects.filter(title="New").exists()


def test_an_earlier_revision_comes_back_as_a_new_one(world: World) -> None:
    page = world.page("First")
    save(page, base=1, title="Second")
    first = Revision.objects.get(document=page, number=1)

    restore_revision(document_id=page.pk, revision_id=first.pk, base_version=2, by=SYSTEM, now=NOW)

    assert Document.objects.get(pk=page.pk).title == "First"
    assert Revision.objects.filter(document=page).count() == 3


def test_there_is_one_home_page_per_language(world: World) -> None:
    with pytest.raises(PlaceRefused, match="home page"):
        create_document(
            site_id=world.site.pk,
            locale_id=world.english.pk,
            type_key="page",
            draft=Draft({"title": "Second home"}),
            by=SYSTEM,
            now=NOW + timedelta(hours=1),
        )


@pytest.mark.parametrize("slug", ["admin", "api", "media"])
def test_an_address_of_the_system_is_refused_and_never_proposed(world: World, slug: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        world.page("Page", slug=slug)

    assert refused.value.problems[0].code == "reserved_slug"
    assert world.page(slug.title()).slug == f"{slug}-2"
