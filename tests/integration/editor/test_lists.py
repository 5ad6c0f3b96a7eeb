"""The lists and the dashboard: what they hold, and what they cost."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.content.actions import save_draft
from cms.content.draft import Draft
from tests.factories.site import NOW, SYSTEM, World, paragraph

LIST = "/admin/cms_content/document/"


@pytest.mark.parametrize("path", [LIST, f"{LIST}tree/", f"{LIST}tree/?node=home", "/admin/"])
def test_the_number_of_statements_does_not_grow_with_the_documents(world: World, ben: Client, path: str) -> None:
    path = path.replace("home", str(world.home.pk))
    world.page("First")
    few = _statements(ben, path)
    for number in range(30):
        world.page(f"Page {number}")

    assert _statements(ben, path) == few
    assert few <= 12


def test_search_finds_words_inside_blocks(world: World, ben: Client) -> None:
    world.page("Garden", body=[paragraph("<p>Roses and tulips</p>")])
    world.page("Kitchen")

    found = ben.get(f"{LIST}?q=tulips").content.decode()

    assert "Garden" in found
    assert "Kitchen" not in found


@pytest.mark.parametrize(
    ("status", "expected"), [("draft", "Draft one"), ("published", "Live one"), ("changed", "Changed one")]
)
def test_filters_by_status(world: World, ben: Client, status: str, expected: str) -> None:
    world.page("Draft one")
    live, changed = world.page("Live one"), world.page("Before")
    world.publish(live, changed)
    save_draft(document_id=changed.pk, base_version=1, draft=Draft({"title": "Changed one"}), by=SYSTEM, now=NOW)

    text = ben.get(f"{LIST}?status={status}").content.decode()

    assert [each for each in ("Draft one", "Live one", "Changed one") if each in text] == [expected]


def test_filters_by_type_and_language(world: World, ben: Client) -> None:
    world.item("tag", name="A tag")
    world.page("A page")

    assert "A page" not in ben.get(f"{LIST}?type=tag").content.decode()
    assert "A tag" not in ben.get(f"{LIST}?locale=de").content.decode()
    assert "Nothing matches" in ben.get(f"{LIST}?type=nonsense").content.decode()


def test_older_documents_are_on_the_next_page_each_once(world: World, ben: Client) -> None:
    for number in range(55):
        world.page(f"Page {number:02}")

    first = ben.get(LIST)
    second = ben.get(f"{LIST}?{first.context['listing'].next}")

    titles = [row.title for answer in (first, second) for row in answer.context["listing"].rows]
    assert len(titles) == 56
    assert len(set(titles)) == 56


def test_the_dashboard_greets_and_shows_unpublished_changes(world: World, ben: Client) -> None:
    page = world.page("Page")
    world.publish(page)
    save_draft(document_id=page.pk, base_version=1, draft=Draft({"title": "Changed"}), by=SYSTEM, now=NOW)

    text = ben.get("/admin/").content.decode()

    assert "Hello, Ben" in text
    assert "Changed" in text


def _statements(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(path).status_code == 200
    return len(statements)
