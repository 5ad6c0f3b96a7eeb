"""What stands beside the form: publish, schedule, unpublish, move, translate, trash and back, revisions."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from cms.content.actions import save_draft
from cms.content.draft import Draft
from cms.content.models import Document
from cms.content.queries import fields_of as saved_fields
from cms.publishing.models import Schedule
from tests.factories.site import NOW, SYSTEM, World
from tests.integration.editor.forms import address, problems, send

LIST = "/admin/cms_content/document/"


def reloaded(document: Document) -> Document:
    return Document.objects.select_related("head_revision", "translation_group").get(pk=document.pk)


def test_publish_saves_first(world: World, ben: Client, api: Client) -> None:
    page = world.page("Page")

    send(ben, address(page.pk), "publish", f__title="Newest")

    assert api.get("/api/v1/pages/?path=/page/").json()["title"] == "Newest"


def test_what_keeps_a_page_from_being_published_is_told_at_its_field(world: World, ben: Client) -> None:
    page = world.page("Page")

    answer = send(ben, address(page.pk), "publish", f__title="")
    shown = ben.get(answer.headers["Location"])

    assert problems(shown) == ["Title: This field is required."]
    assert reloaded(page).title == ""
    assert not reloaded(page).is_published


def test_a_schedule_is_entered_in_the_time_zone_of_the_person(world: World, ben: Client) -> None:
    User.objects.filter(name="Ben").update(time_zone="Europe/Berlin")
    page = world.page("Page")
    year = timezone.now().year + 1
    opened = ben.get(address(page.pk, "schedule"))

    ben.post(address(page.pk, "schedule"), {
        "version": "1", "action": "publish", "date": f"{year}-07-01", "time": "09:30", "zone": "Europe/Berlin",
    })  # fmt: skip

    assert 'value="Europe/Berlin"' in opened.content.decode()
    row = Schedule.objects.get()
    assert (row.run_at, row.time_zone) == (datetime(year, 7, 1, 7, 30, tzinfo=UTC), "Europe/Berlin")


@pytest.mark.parametrize(("date", "time"), [("2031-03-30", "02:30"), ("2031-10-26", "02:30")])
def test_a_time_that_is_missing_or_doubled_must_be_chosen(world: World, ben: Client, date: str, time: str) -> None:
    page = world.page("Page")
    entered = {"version": "1", "action": "publish", "date": date, "time": time, "zone": "Europe/Berlin"}

    asked = ben.post(address(page.pk, "schedule"), entered)
    instant = f"{date}T01:30:00Z"
    ben.post(address(page.pk, "schedule"), {**entered, "instant": instant})

    assert asked.status_code == 422
    assert asked.content.decode().count('name="instant"') == 2
    assert Schedule.objects.get().run_at == datetime.fromisoformat(instant)


def test_a_schedule_is_cancelled(world: World, ben: Client) -> None:
    page = world.page("Page")
    tomorrow = timezone.now() + timedelta(days=1)
    ben.post(address(page.pk, "schedule"), {
        "version": "1", "action": "publish", "date": f"{tomorrow:%Y-%m-%d}", "time": "10:00", "zone": "UTC",
    })  # fmt: skip

    ben.post(address(page.pk, "schedule"), {"cancel": "publish"})

    assert Schedule.objects.get().status == "cancelled"


def test_unpublish_takes_what_is_below_along_if_wanted(world: World, ben: Client, api: Client) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)
    world.publish(parent, child)

    asked = ben.get(address(parent.pk, "unpublish"))
    ben.post(address(parent.pk, "unpublish"), {"version": "1", "below": "too"})

    assert "Child" in asked.content.decode()
    assert api.get("/api/v1/pages/?path=/parent/child/").status_code == 404


def test_a_page_is_moved_in_front_of_another(world: World, ben: Client) -> None:
    target, first = world.page("Target"), world.page("Page")
    sibling = world.page("Sibling", under=target)

    found = ben.get(f"{address(first.pk, 'move')}?q=targ")
    ben.post(address(first.pk, "move"), {"version": "1", "parent": str(target.pk), "before": str(sibling.pk)})

    assert "Target" in found.content.decode()
    order = Document.objects.filter(parent=target).order_by("order_key").values_list("url_path", flat=True)
    assert list(order) == ["/target/page/", "/target/sibling/"]


def test_a_page_below_itself_is_refused_in_words(world: World, ben: Client) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)

    answer = ben.post(address(parent.pk, "move"), {"version": "1", "parent": str(child.pk)})

    assert "cannot be moved below itself" in answer.content.decode()


def test_a_translation_is_begun(world: World, ben: Client) -> None:
    answer = ben.post(address(world.home.pk, "translate"), {"locale": "de"})

    made = Document.objects.get(locale=world.german)
    assert answer.headers["Location"] == address(made.pk)
    assert made.translation_group_id == world.home.translation_group_id


def test_trash_shows_where_it_is_used_and_can_be_undone(world: World, ben: Client) -> None:
    tag = world.item("tag", name="Gardening")
    section = world.document("section", under=world.home, title="News")
    world.document("article", under=section, title="About gardens", tags=[str(tag.translation_group_id)])

    asked = ben.get(address(tag.pk, "trash"))
    done = ben.post(address(tag.pk, "trash"), {"version": "1"}, follow=True)
    ben.post(address(tag.pk, "untrash"))

    assert "About gardens" in asked.content.decode()
    assert f'action="{address(tag.pk, "untrash")}"' in done.content.decode()
    assert reloaded(tag).deleted_at is None


def test_the_trash_lists_what_is_in_it(world: World, ben: Client) -> None:
    page = world.page("Rubbish")
    ben.post(address(page.pk, "trash"), {"version": "1"})

    assert "Rubbish" in ben.get(f"{LIST}trash/").content.decode()
    listed = ben.get(LIST)
    assert "Rubbish" not in ben.get(LIST).content.decode()
    assert listed.status_code == 200


def test_revisions_are_compared_in_words_and_restored(world: World, ben: Client) -> None:
    page = world.page("Before", summary="Same")
    save_draft(document_id=page.pk, base_version=1, draft=Draft({"title": "After"}), by=SYSTEM, now=NOW)

    listed = ben.get(address(page.pk, "history")).content.decode()
    compared = ben.get(f"{address(page.pk, 'compare')}?from=1&to=2").content.decode()
    ben.post(address(page.pk, "restore"), {"version": "2", "revision": "1"})

    assert 'name="from" value="1"' in listed
    assert "<del>Before</del>" in compared
    assert "<ins>After</ins>" in compared
    assert "Summary" not in compared
    assert saved_fields(reloaded(page))["title"] == "Before"
    assert reloaded(page).version == 3
