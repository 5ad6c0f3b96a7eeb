"""Published pages, by path, as HTML."""

from django.test import Client

from tests.factories.site import World, paragraph


def test_a_published_page_is_shown_at_its_path(world: World, client: Client) -> None:
    about = world.page("About us", body=[paragraph("<p>Hello <b>there</b></p>")])
    world.publish(about)

    answer = client.get("/about-us/")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<h1>About us</h1>" in text
    assert '<div class="prose"><p>Hello <b>there</b></p></div>' in text


def test_a_draft_is_not_shown(world: World, client: Client) -> None:
    world.page("Secret")

    answer = client.get("/secret/")

    assert answer.status_code == 404
    assert "Secret" not in answer.content.decode()
