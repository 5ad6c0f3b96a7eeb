"""What caches and browsers rely on."""

from datetime import timedelta

from django.test import Client

from cms.content.actions import save_draft
from cms.content.draft import Draft
from cms.content.models import Document
from cms.publishing.actions import schedule
from tests.factories.site import NOW, SYSTEM, World, paragraph


def test_a_kept_copy_is_confirmed_without_a_body(world: World, api: Client) -> None:
    first = api.get("/api/v1/pages/?path=/")

    again = api.get("/api/v1/pages/?path=/", headers={"If-None-Match": first["ETag"]})

    assert not first["ETag"].startswith("W/")
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_a_publish_changes_the_etag(world: World, api: Client) -> None:
    before = api.get("/api/v1/pages/?path=/")["ETag"]

    world.publish(world.home)

    assert api.get("/api/v1/pages/?path=/")["ETag"] != before


def test_a_renamed_link_target_changes_the_etag_of_the_page_that_links(world: World, api: Client) -> None:
    target = world.page("Target")
    link = f'<p><a href="cms:document/{target.translation_group_id}">there</a></p>'
    world.publish(target, source := world.page("Source", body=[paragraph(link)]))
    before = api.get(f"/api/v1/documents/{source.pk}/")["ETag"]

    draft = Draft({"title": "Target"}, slug="new-name")
    save_draft(document_id=target.pk, base_version=1, draft=draft, by=SYSTEM, now=NOW)
    world.publish(Document.objects.get(pk=target.pk))

    after = api.get(f"/api/v1/documents/{source.pk}/")
    assert after["ETag"] != before
    assert 'href="/new-name/"' in after.json()["fields"]["body"][0]["value"]["html"]


def test_parameters_in_another_order_are_the_same_answer(world: World, api: Client) -> None:
    one = api.get("/api/v1/documents/?type=page&limit=5")
    other = api.get("/api/v1/documents/?limit=5&type=page")

    assert one["ETag"] == other["ETag"]


def test_head_says_what_get_says(world: World, api: Client) -> None:
    got, head = api.get("/api/v1/pages/?path=/"), api.head("/api/v1/pages/?path=/")

    assert head.content == b""
    assert (head.status_code, head["ETag"]) == (200, got["ETag"])
    assert head["Content-Length"] == got["Content-Length"]


def test_answers_may_be_kept_and_name_what_they_are_made_of(world: World, api: Client) -> None:
    answer = api.get("/api/v1/pages/?path=/")

    assert answer["Cache-Control"] == (
        "public, max-age=0, s-maxage=10, stale-while-revalidate=30, stale-if-error=86400"
    )
    assert f"d:{world.home.pk}" in answer["Surrogate-Key"].split()
    assert answer["X-Content-Version"] == "1"
    assert "Cookie" not in answer.get("Vary", "")


def test_no_copy_outlives_a_scheduled_withdrawal(world: World, api: Client) -> None:
    from django.utils import timezone

    page = world.page("Soon gone")
    world.publish(page)
    now = timezone.now()
    schedule(document_id=page.pk, action="unpublish", run_at=now + timedelta(seconds=5), by=SYSTEM, now=now)

    answer = api.get("/api/v1/pages/?path=/soon-gone/")

    seconds = int(answer["Cache-Control"].split("s-maxage=")[1].split(",")[0])
    assert seconds <= 5


def test_any_web_page_may_read(world: World, api: Client) -> None:
    answer = api.get("/api/v1/documents/", headers={"Origin": "https://elsewhere.example"})
    asked = api.options("/api/v1/documents/", headers={"Origin": "https://elsewhere.example"})

    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in answer["Access-Control-Expose-Headers"]
    assert (asked.status_code, asked["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")


def test_the_client_accepts_what_it_likes_and_gets_json(world: World, api: Client) -> None:
    answer = api.get("/api/v1/documents/", headers={"Accept": "image/png"})

    assert answer["Content-Type"] == "application/json"
