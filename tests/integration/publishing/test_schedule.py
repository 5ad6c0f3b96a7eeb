"""Schedules: on time without a worker, settled by one afterwards."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.test import Client

from cms.content.actions import save_draft
from cms.content.draft import Draft
from cms.content.models import Document
from cms.delivery.models import Publication
from cms.publishing.actions import cancel_schedule, schedule, settle_due, unpublish
from cms.publishing.errors import NotReady, ScheduleRefused
from cms.publishing.models import Schedule
from reliability.outbox.models import Event
from tests.factories.site import NOW, SYSTEM, World

AT = NOW + timedelta(hours=2)
BEFORE, AFTER = AT - timedelta(seconds=1), AT + timedelta(seconds=1)


def titles_at(api: Client, moment: datetime, path: str) -> str | None:
    with patch("cms.delivery.views.documents.timezone.now", return_value=moment):
        answer = api.get(f"/api/v1/pages/?path={path}")
    return answer.json().get("title") if answer.status_code == 200 else None


def plan(document: Document, action: str = "publish", at: datetime = AT) -> None:
    schedule(document_id=document.pk, action=action, run_at=at, by=SYSTEM, now=NOW)


def test_content_appears_on_time_without_any_worker(world: World, api: Client) -> None:
    page = world.page("Later")

    plan(page)

    assert titles_at(api, BEFORE, "/later/") is None
    assert titles_at(api, AFTER, "/later/") == "Later"


def test_the_old_version_gives_way_to_the_scheduled_one(world: World, api: Client) -> None:
    page = world.page("Old", slug="page")
    world.publish(page)
    save_draft(document_id=page.pk, base_version=1, draft=Draft({"title": "New"}), by=SYSTEM, now=NOW)

    plan(page)

    assert titles_at(api, BEFORE, "/page/") == "Old"
    assert titles_at(api, AFTER, "/page/") == "New"


def test_what_is_edited_after_scheduling_is_not_included(world: World, api: Client) -> None:
    page = world.page("Planned", slug="page")
    plan(page)

    save_draft(document_id=page.pk, base_version=1, draft=Draft({"title": "Edited"}), by=SYSTEM, now=NOW)

    assert titles_at(api, AFTER, "/page/") == "Planned"


def test_content_disappears_on_time_without_any_worker(world: World, api: Client) -> None:
    page = world.page("Soon gone")
    world.publish(page)

    plan(page, "unpublish")

    assert titles_at(api, BEFORE, "/soon-gone/") == "Soon gone"
    assert titles_at(api, AFTER, "/soon-gone/") is None


def test_settling_leaves_one_row_an_event_and_the_new_head(world: World) -> None:
    page = world.page("Page")
    world.publish(page)
    save_draft(document_id=page.pk, base_version=1, draft=Draft({"title": "New"}), by=SYSTEM, now=NOW)
    plan(page)
    Event.objects.all().delete()

    settled = settle_due(by=SYSTEM, now=AFTER)

    page.refresh_from_db()
    row = Publication.objects.get(document_id=page.pk)
    assert settled == 1
    assert (row.title, row.version) == ("New", 2)
    assert page.live_revision_id == page.head_revision_id
    assert Event.objects.get().kind == "cms.document.published"


def test_settling_twice_changes_nothing(world: World) -> None:
    page = world.page("Page")
    plan(page)
    settle_due(by=SYSTEM, now=AFTER)
    before = (Event.objects.count(), Publication.objects.get(document_id=page.pk).version)

    again = settle_due(by=SYSTEM, now=AFTER)

    assert again == 0
    assert (Event.objects.count(), Publication.objects.get(document_id=page.pk).version) == before


def test_a_settled_withdrawal_leaves_a_draft(world: World) -> None:
    page = world.page("Page")
    world.publish(page)
    plan(page, "unpublish")

    settle_due(by=SYSTEM, now=AFTER)

    page.refresh_from_db()
    assert page.live_revision_id is None
    assert not Publication.objects.filter(document_id=page.pk).exists()


def test_one_bad_schedule_stops_no_other_and_is_tried_again(world: World) -> None:
    bad, good = world.page("Bad"), world.page("Good")
    plan(bad, at=AT - timedelta(minutes=5))
    plan(good)

    original = "cms.publishing.actions.settle._settle_publish"
    from cms.publishing.actions import settle

    def failing(document: Document, row: Schedule, *, now: datetime) -> None:
        if document.pk == bad.pk:
            raise RuntimeError("out of order")
        kept(document, row, now=now)

    kept = settle._settle_publish
    with patch(original, failing):
        settled = settle_due(by=SYSTEM, now=AFTER)

    row = Schedule.objects.get(document=bad)
    assert settled == 1
    assert (row.status, row.attempts, row.next_attempt_at) == ("pending", 1, AFTER + timedelta(minutes=1))
    assert settle_due(by=SYSTEM, now=AFTER + timedelta(minutes=2)) == 1


def test_a_cancelled_schedule_shows_nothing(world: World, api: Client) -> None:
    page = world.page("Page")
    plan(page)

    cancelled = cancel_schedule(document_id=page.pk, action="publish", by=SYSTEM, now=NOW)

    assert cancelled
    assert titles_at(api, AFTER, "/page/") is None


def test_a_new_schedule_replaces_the_one_before(world: World, api: Client) -> None:
    page = world.page("Page")
    plan(page)

    plan(page, at=AT + timedelta(hours=1))

    assert titles_at(api, AFTER, "/page/") is None
    assert titles_at(api, AT + timedelta(hours=2), "/page/") == "Page"


def test_publishing_now_keeps_what_is_scheduled_above_it(world: World, api: Client) -> None:
    page = world.page("Planned", slug="page")
    plan(page)
    save_draft(document_id=page.pk, base_version=1, draft=Draft({"title": "Now"}), by=SYSTEM, now=NOW)

    world.publish(Document.objects.get(pk=page.pk))

    versions = list(
        Publication.objects.filter(document_id=page.pk).order_by("visible_from").values_list("version", flat=True)
    )
    assert titles_at(api, BEFORE, "/page/") == "Now"
    assert titles_at(api, AFTER, "/page/") == "Planned"
    assert versions == sorted(set(versions))


def test_withdrawing_cancels_what_is_scheduled(world: World, api: Client) -> None:
    page = world.page("Page")
    world.publish(page)
    plan(page)

    unpublish(document_ids=[page.pk], by=SYSTEM, now=NOW)

    assert titles_at(api, AFTER, "/page/") is None
    assert Schedule.objects.get(document=page).status == "cancelled"


@pytest.mark.parametrize("at", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=5000), datetime(2027, 1, 1)])  # noqa: DTZ001
def test_a_time_that_cannot_be_is_refused(world: World, at: datetime) -> None:
    page = world.page("Page")

    with pytest.raises(ScheduleRefused):
        plan(page, at=at)

    assert not Publication.objects.filter(document_id=page.pk).exists()


def test_what_is_not_ready_is_not_scheduled(world: World) -> None:
    with pytest.raises(NotReady):
        plan(world.page(""))


def test_nothing_published_cannot_be_withdrawn_later(world: World) -> None:
    with pytest.raises(ScheduleRefused, match="nothing to withdraw"):
        plan(world.page("Draft"), "unpublish")


def test_the_zone_of_the_clock_does_not_matter(world: World, api: Client) -> None:
    from zoneinfo import ZoneInfo

    page = world.page("Page")

    plan(page, at=AT.astimezone(ZoneInfo("Asia/Kathmandu")))

    assert titles_at(api, AFTER, "/page/") == "Page"
    assert Schedule.objects.get(document=page).run_at == AT.astimezone(UTC)
