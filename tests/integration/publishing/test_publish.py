"""Publishing: entirely or not at all, at a fixed price."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts.models import AuditEntry
from cms.content.actions import save_draft, translate
from cms.content.draft import Draft
from cms.content.errors import PathTaken, VersionConflict
from cms.content.models import Document
from cms.delivery.models import Publication
from cms.publishing.actions import move, publish, unpublish
from cms.publishing.errors import NotReady
from reliability.outbox.models import Event
from tests.factories.site import NOW, SYSTEM, World, paragraph

LATER = NOW + timedelta(hours=1)


def test_a_published_page_is_read_by_its_path(world: World, api: Client) -> None:
    about = world.page("About us", body=[paragraph("<p>Hello</p>")])

    world.publish(about)

    answer = api.get("/api/v1/pages/?path=/about-us/").json()
    assert answer["title"] == "About us"
    assert answer["fields"]["body"][0]["value"] == {"html": "<p>Hello</p>"}


def test_a_draft_is_not_read(world: World, api: Client) -> None:
    world.page("Secret")

    answer = api.get("/api/v1/pages/?path=/secret/")

    assert answer.status_code == 404


def test_readers_keep_the_old_version_until_the_next_publish(world: World, api: Client) -> None:
    about = world.page("About us")
    world.publish(about)

    save_draft(document_id=about.pk, base_version=1, draft=Draft({"title": "All about us"}), by=SYSTEM, now=LATER)

    assert api.get("/api/v1/pages/?path=/about-us/").json()["title"] == "About us"


def test_a_missing_title_is_found_and_nothing_is_written(world: World) -> None:
    nameless = world.page("")

    with pytest.raises(NotReady) as refused:
        world.publish(nameless)

    assert [(each.path, each.code) for each in refused.value.findings] == [("title", "required")]
    assert not Publication.objects.filter(document_id=nameless.pk).exists()


def test_one_bad_document_keeps_all_from_being_published(world: World) -> None:
    good, bad = world.page("Good"), world.page("")

    with pytest.raises(NotReady):
        world.publish(good, bad)

    assert not Publication.objects.filter(document_id__in=[good.pk, bad.pk]).exists()


def test_a_link_to_a_draft_is_refused_and_to_one_published_together_is_fine(world: World) -> None:
    target = world.page("Target")
    link = f'<p><a href="cms:document/{target.translation_group_id}">there</a></p>'
    source = world.page("Source", body=[paragraph(link)])

    with pytest.raises(NotReady) as refused:
        world.publish(source)
    world.publish(source, target)

    assert refused.value.findings[0].code == "unpublished_target"
    assert Publication.objects.filter(document_id=source.pk).exists()


def test_a_stale_version_is_refused(world: World) -> None:
    page = world.page("Page")

    with pytest.raises(VersionConflict):
        publish(document_ids=[page.pk], by=SYSTEM, now=NOW, expected={page.pk: 7})


def test_every_publish_raises_the_version_also_after_an_unpublish(world: World) -> None:
    page = world.page("Page")

    world.publish(page)
    world.publish(page)
    unpublish(document_ids=[page.pk], by=SYSTEM, now=NOW)
    world.publish(page)

    assert Publication.objects.get(document_id=page.pk).version == 4


def test_a_publish_leaves_an_event_and_an_audit_entry(world: World) -> None:
    page = world.page("Page")

    world.publish(page)

    event = Event.objects.get(kind="cms.document.published", subject=str(page.pk))
    assert event.data["path"] == "/page/"
    assert AuditEntry.objects.filter(action="cms.document.publish", object_id=str(page.pk)).count() == 1


def test_a_changed_slug_takes_the_pages_below_along_and_redirects(world: World, api: Client) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)
    world.publish(parent, child)

    save_draft(
        document_id=parent.pk, base_version=1, draft=Draft({"title": "Parent"}, slug="elsewhere"), by=SYSTEM, now=LATER
    )
    world.publish(Document.objects.get(pk=parent.pk), now=LATER)

    assert api.get("/api/v1/pages/?path=/elsewhere/child/").json()["title"] == "Child"
    assert api.get("/api/v1/pages/?path=/parent/child/").json() == {
        "redirect": {"to": "/elsewhere/child/", "status": 301}
    }


def test_a_move_takes_effect_at_once_for_readers(world: World, api: Client) -> None:
    old, new = world.page("Old place"), world.page("New place")
    page = world.page("Page", under=old)
    below = world.page("Below", under=page)
    world.publish(old, new, page, below)

    move(document_id=page.pk, base_version=1, parent_id=new.pk, by=SYSTEM, now=LATER)

    assert api.get("/api/v1/pages/?path=/new-place/page/below/").json()["title"] == "Below"
    assert api.get("/api/v1/pages/?path=/old-place/page/").json()["redirect"]["to"] == "/new-place/page/"


def test_a_path_that_another_page_is_published_at_is_refused(world: World) -> None:
    first = world.page("First", slug="same")
    world.publish(first)
    save_draft(document_id=first.pk, base_version=1, draft=Draft({"title": "First"}, slug="other"), by=SYSTEM, now=NOW)
    second = world.page("Second", slug="same")

    with pytest.raises(PathTaken):
        world.publish(second)


def test_a_former_path_is_given_to_the_page_that_is_published_there(world: World, api: Client) -> None:
    first = world.page("First", slug="same")
    world.publish(first)
    save_draft(document_id=first.pk, base_version=1, draft=Draft({"title": "First"}, slug="other"), by=SYSTEM, now=NOW)
    world.publish(Document.objects.get(pk=first.pk))
    second = world.page("Second", slug="same")

    world.publish(second)

    assert api.get("/api/v1/pages/?path=/same/").json()["title"] == "Second"


def test_shared_fields_reach_the_published_translations(world: World, api: Client) -> None:
    home = translate(document_id=world.home.pk, locale_id=world.german.pk, by=SYSTEM, now=NOW)
    section = world.document("section", under=world.home, title="News")
    world.publish(home, section)
    german = translate(document_id=section.pk, locale_id=world.german.pk, by=SYSTEM, now=NOW)
    world.publish(german)

    draft = Draft({"title": "News", "listing": "manual"})
    save_draft(document_id=section.pk, base_version=1, draft=draft, by=SYSTEM, now=LATER)
    world.publish(Document.objects.get(pk=section.pk), now=LATER)

    answer = api.get("/api/v1/pages/?path=/news/&locale=de").json()
    assert answer["locale"] == "de"
    assert answer["fields"]["listing"] == "manual"


@pytest.mark.parametrize("blocks", [1, 60])
def test_the_number_of_statements_does_not_grow_with_blocks_and_links(world: World, blocks: int) -> None:
    counted = [_statements_to_publish(world, 1), _statements_to_publish(world, blocks)]

    assert counted[0] == counted[1]


def _statements_to_publish(world: World, blocks: int) -> int:
    link = f'<p><a href="cms:document/{world.home.translation_group_id}">home</a></p>'
    body: list[dict[str, Any]] = [paragraph(link, block_id=f"block{number:07d}") for number in range(blocks)]
    page = world.page(f"Page with {blocks}", body=body)
    with CaptureQueriesContext(connection) as statements:
        world.publish(page)
    return len(statements)


def test_what_was_published_below_a_draft_follows_when_its_parent_is_published(world: World, api: Client) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)
    grandchild = world.page("Grandchild", under=child)
    world.publish(child, grandchild)
    draft = Draft({"title": "Parent"}, slug="renamed")
    save_draft(document_id=parent.pk, base_version=1, draft=draft, by=SYSTEM, now=NOW)

    world.publish(Document.objects.get(pk=parent.pk), now=LATER)

    assert api.get("/api/v1/pages/?path=/renamed/child/grandchild/").json()["title"] == "Grandchild"
    assert api.get("/api/v1/pages/?path=/parent/child/").json()["redirect"]["to"] == "/renamed/child/"


def test_two_pages_below_never_come_to_share_a_path(world: World) -> None:
    parent = world.page("Parent")
    first = world.page("First", under=parent, slug="same")
    world.publish(first)
    draft = Draft({"title": "First"}, slug="other")
    save_draft(document_id=first.pk, base_version=1, draft=draft, by=SYSTEM, now=NOW)
    draft = Draft({"title": "Parent"}, slug="renamed")
    save_draft(document_id=parent.pk, base_version=1, draft=draft, by=SYSTEM, now=NOW)
    second = world.page("Second", under=Document.objects.get(pk=parent.pk), slug="same")
    world.publish(second)

    with pytest.raises(PathTaken):
        world.publish(Document.objects.get(pk=parent.pk), now=LATER)

    assert not Publication.objects.filter(document_id=parent.pk).exists()
