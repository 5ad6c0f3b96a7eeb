"""An editor's day in a real browser: write, publish, meet a conflict, go back, schedule. Scripts are not needed."""

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from PIL import Image

from cms.content.models import Document
from cms.publishing.models import Schedule
from tests.factories.site import World, make_world
from tests.journeys.signing_in import make_ada, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LIST = "/admin/cms_content/document/"


@pytest.fixture
def place() -> World:
    make_ada()
    return make_world(now=timezone.now() - timedelta(days=1))


def write_a_page(page: "Page") -> None:
    page.get_by_role("link", name="Add content").click()
    page.get_by_role("link", name="Page", exact=True).click()
    page.get_by_label("Title required").fill("Our garden")
    page.get_by_role("button", name="Heading", exact=True).click()
    page.get_by_role("group", name="Heading 1").get_by_label("Text").fill("Roses")
    page.get_by_text("Add a block").click()
    page.get_by_role("button", name="Paragraph", exact=True).click()
    assert page.get_by_label("Title required").input_value() == "Our garden"
    page.get_by_role("group", name="Paragraph 2").get_by_label("Text", exact=False).fill("They bloom in June.")
    page.get_by_role("group", name="Paragraph 2").get_by_role("button", name="Move up").first.click()
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft created.").wait_for()


def add_a_picture(page: "Page") -> None:
    """Add an image block at the end and upload its picture, right where it is wanted."""
    page.get_by_text("Add a block").click()
    page.get_by_role("button", name="Image", exact=True).click()
    block = page.get_by_role("group", name="Image 3").first
    block.locator("input[type=file]").set_input_files({"name": "roses.png", "mimeType": "image/png", "buffer": png()})
    block.get_by_role("button", name="Upload : Image").click()
    block.get_by_label("Alternative text").fill("Red roses at the wall")
    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Draft saved.").wait_for()


def png() -> bytes:
    """Draw a small picture."""
    stream = BytesIO()
    Image.new("RGB", (320, 200), (180, 40, 60)).save(stream, "PNG")
    return stream.getvalue()


def read(page: "Page", path: str) -> dict[str, Any]:
    answer = page.request.get(f"/api/v1/pages/?path={path}")
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.postgres
def test_an_editor_writes_publishes_and_meets_a_conflict(place: World, page: "Page", browser: "Browser") -> None:
    sign_in(page)
    write_a_page(page)
    add_a_picture(page)

    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Preview").click()
    preview = opened.value
    preview.get_by_role("heading", name="Our garden").wait_for()
    assert preview.get_by_role("img", name="Red roses at the wall").count() == 1
    preview.close()
    assert page.request.get("/our-garden/").status == 404

    page.get_by_role("button", name="Save and publish").click()
    page.get_by_text("Published.", exact=True).wait_for()
    address = page.url
    assert [each["type"] for each in read(page, "/our-garden/")["fields"]["body"]] == ["paragraph", "heading", "image"]

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="View on site").click()
    site = opened.value
    site.get_by_role("heading", name="Our garden").wait_for()
    site.get_by_role("img", name="Red roses at the wall").scroll_into_view_if_needed()
    site.wait_for_function("document.querySelector('main img')?.naturalWidth > 0")
    site.close()

    other_context = browser.new_context(base_url=page.url.partition("/admin")[0])
    other = other_context.new_page()
    sign_in(other)
    other.goto(address)
    other.get_by_label("Title required").fill("The garden of others")
    page.get_by_label("Title required").fill("My garden")
    page.get_by_label("Summary").fill("With roses")
    other.get_by_role("button", name="Save draft").click()
    other.get_by_text("Draft saved.").wait_for()
    other_context.close()

    page.get_by_role("button", name="Save draft").click()
    page.get_by_text("Both changed this").wait_for()
    page.get_by_label("Theirs").check()
    page.get_by_role("button", name="Save the merged version").click()
    page.get_by_text("Both versions are brought together.").wait_for()
    assert page.get_by_label("Title required").input_value() == "The garden of others"
    assert page.get_by_label("Summary").input_value() == "With roses"

    page.get_by_role("button", name="Revisions").click()
    page.get_by_label("From revision 1").check()
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Restore revision 1 as the draft").click()
    page.get_by_text("Revision 1 is the draft again").wait_for()
    assert page.get_by_label("Title required").input_value() == "Our garden"
    assert read(page, "/our-garden/")["title"] == "Our garden"

    page.get_by_role("button", name="Schedule…").click()
    tomorrow = timezone.localtime(timezone.now() + timedelta(days=1))
    page.get_by_label("Unpublish").check()
    page.get_by_label("Date").fill(f"{tomorrow:%Y-%m-%d}")
    page.get_by_label("Time", exact=True).fill("09:30")
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.get_by_text("Will be unpublished:").wait_for()
    assert Schedule.objects.get().time_zone == "Europe/Berlin"


def test_focus_lands_at_the_block_that_changed(place: World, page: "Page") -> None:
    sign_in(page)
    write_a_page(page)

    page.get_by_role("group", name="Heading 2").get_by_role("button", name="Move up").click()

    focused = "document.activeElement?.textContent.trim().replace(/\\s+/g, ' ')"
    page.wait_for_function(f"{focused} === 'Heading 1'")  # A browser moves it when the new page is there.


def test_what_was_thrown_away_is_taken_back(place: World, page: "Page") -> None:
    sign_in(page)
    write_a_page(page)

    page.get_by_role("button", name="Move to the trash").click()
    page.get_by_role("button", name="Move to the trash").click()
    page.get_by_role("button", name="Undo").click()

    page.get_by_text("Restored as a draft.").wait_for()
    assert Document.objects.get(title="Our garden").deleted_at is None


def test_no_screen_is_wider_than_a_phone(place: World, page: "Page") -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page)
    home = f"{LIST}{place.home.pk}"

    for path in ("/admin/", LIST, f"{LIST}tree/", f"{LIST}add/", f"{home}/change/", f"{home}/history/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
