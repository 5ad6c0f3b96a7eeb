"""Whoever may not do something sees no button for it, and is refused in words."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms.accounts.models import User
from cms.content.models import Document
from tests.factories.site import World
from tests.integration.editor.forms import address, send

LIST = "/admin/cms_content/document/"
SCREENS = ("change", "schedule", "move", "unpublish", "trash", "translate", "history")


@pytest.mark.parametrize("screen", SCREENS)
def test_somebody_without_a_grant_is_refused_on_every_screen(world: World, cleo: Client, screen: str) -> None:
    answer = cleo.get(address(world.page("Secret").pk, screen))

    assert answer.status_code == 403
    assert "Ask an administrator for a role that allows it" in answer.content.decode()
    assert "Secret" not in answer.content.decode()


def test_visitors_are_sent_to_the_sign_in_page(world: World) -> None:
    answer = Client(headers={"host": "localhost"}).get(address(world.home.pk))

    assert answer.headers["Location"].startswith("/admin/login/?next=")


def test_an_author_sees_no_button_to_publish_and_is_refused_anyway(world: World, ada: Client) -> None:
    page = world.page("Page")

    shown = ada.get(address(page.pk)).content.decode()
    send(ada, address(page.pk), "publish")

    assert 'value="publish"' not in shown
    assert 'value="go|trash"' not in shown
    assert not Document.objects.get(pk=page.pk).is_published


def test_the_list_holds_what_a_grant_for_a_subtree_allows(
    world: World, person: Callable[..., User], browse: Callable[[User], Client]
) -> None:
    garden, kitchen = world.page("Garden"), world.page("Kitchen")
    world.page("Roses", under=garden)
    client = browse(person("Dora", "editor", tree_root=garden.translation_group_id))

    listed = client.get(LIST).content.decode()
    tree = client.get(f"{LIST}tree/").content.decode()

    assert "Roses" in listed
    assert "Kitchen" not in listed
    assert "Garden" in tree
    assert client.get(address(kitchen.pk)).status_code == 403


@pytest.mark.parametrize("limit", ["type", "locale", "site"])
def test_the_list_holds_what_other_limits_allow(
    world: World, person: Callable[..., User], browse: Callable[[User], Client], limit: str
) -> None:
    world.page("A page")
    world.item("tag", name="A tag")
    limits = {"type": {"type_key": "tag"}, "locale": {"locale": world.german}, "site": {"site": world.site}}[limit]

    listed = browse(person("Dora", "editor", **limits)).get(LIST).content.decode()

    assert ("A page" in listed, "A tag" in listed) == {
        "type": (False, True), "locale": (False, False), "site": (True, True),
    }[limit]  # fmt: skip
