"""Full text search finds words, best matches first."""

import pytest
from django.test import Client

from tests.factories.site import World, paragraph


@pytest.fixture
def _pages(world: World) -> None:
    in_text = world.page("About", body=[paragraph("<p>Our lighthouse stands since 1820 &amp; shines.</p>")])
    in_title = world.page("The lighthouse", body=[paragraph("<p>Nothing else.</p>")])
    world.publish(in_text, in_title)


@pytest.mark.usefixtures("_pages")
def test_a_match_in_the_title_comes_first(api: Client) -> None:
    answer = api.get("/api/v1/search/?q=lighthouse").json()

    assert [item["title"] for item in answer["items"]] == ["The lighthouse", "About"]
    assert answer["total"] == {"value": 2, "relation": "eq"}


@pytest.mark.usefixtures("_pages")
def test_highlights_are_escaped_and_marked(api: Client) -> None:
    answer = api.get("/api/v1/search/?q=shines").json()

    highlight = answer["items"][0]["highlight"]
    assert "<mark>shines</mark>" in highlight
    assert "1820 &amp; " in highlight


@pytest.mark.usefixtures("_pages")
def test_pages_of_matches_follow_each_other(api: Client) -> None:
    first = api.get("/api/v1/search/?q=lighthouse&limit=1").json()
    second = api.get(first["links"]["next"]).json()

    assert [item["title"] for item in second["items"]] == ["About"]
    assert second["links"]["next"] is None


@pytest.mark.usefixtures("_pages")
@pytest.mark.parametrize("text", ["zebra", "%", "_", "'", '"', "\\", "&", "a:*", "-"])
def test_odd_texts_are_searched_for_without_a_fault(api: Client, text: str) -> None:
    answer = api.get("/api/v1/search/", {"q": text})

    assert answer.status_code == 200


@pytest.mark.postgres
@pytest.mark.usefixtures("_pages")
def test_words_are_found_in_other_forms(api: Client) -> None:
    answer = api.get("/api/v1/search/?q=standing+lighthouses").json()

    assert [item["title"] for item in answer["items"]] == ["About"]
