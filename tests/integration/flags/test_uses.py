"""Each use of a flag can be seen, and a copy that was kept of an answer is right until the flag changes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from cms.accounts.models import User
from reliability.flags import actions
from reliability.flags.api import DECLARED
from reliability.flags.models import Flag
from tests.factories.flags import SYSTEM, definition, make_flag
from tests.factories.site import NOW, World, paragraph

Commit = Callable[..., Any]


pytestmark = pytest.mark.django_db


def turn(key: str, variant: str, capture: Commit) -> None:
    """Let a flag give everybody a variant, as a change that this process hears of."""
    edit = actions.Edit(definition=definition(default=variant))
    with capture(execute=True):
        if Flag.objects.filter(pk=key).exists():
            actions.update_flag(key=key, edit=edit, by=SYSTEM, now=NOW, confirmed=True)
        else:
            actions.create_flag(key=key, edit=edit, by=SYSTEM, now=NOW)


def kill(key: str, capture: Commit) -> None:
    with capture(execute=True):
        actions.kill_flag(key=key, reason="it burns", by=SYSTEM, now=timezone.now())


def articles(world: World) -> None:
    """Publish five articles: three on roses, one of them chosen by hand, one on nothing, and the one at hand."""
    roses = world.item("tag", name="Roses")
    world.publish(roses)
    about = [str(roses.translation_group_id)]
    for number, title in enumerate(("First", "Second", "Third", "Fourth", "Fifth")):
        tags = {} if title == "Second" else {"tags": about}
        made = world.document("article", under=world.home, title=title, **tags)
        world.publish(made, now=NOW + timedelta(hours=number))


def answers_again(client: Client, path: str, tag: str) -> int:
    return client.get(path, headers={"if-none-match": tag}).status_code


def test_related_articles_come_and_go_with_their_flag(
    world: World, client: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    capture = django_capture_on_commit_callbacks
    articles(world)
    turn("related-articles", "off", capture)
    before = client.get("/first/")
    assert "More on this" not in before.content.decode()
    assert answers_again(client, "/first/", before["ETag"]) == 304

    turn("related-articles", "on", capture)
    after = client.get("/first/", headers={"if-none-match": before["ETag"]})

    shown = after.content.decode().partition("More on this")[2]
    assert (after.status_code, after["ETag"] != before["ETag"]) == (200, True)
    assert [shown.find(f"/{each}/") > 0 for each in ("fifth", "fourth", "third", "second")] == [True, True, True, False]
    assert shown.find("/fifth/") < shown.find("/third/")
    assert answers_again(client, "/first/", after["ETag"]) == 304
    assert "Vary" not in after
    assert not after.cookies

    kill("related-articles", capture)
    assert client.get("/first/")["ETag"] == before["ETag"]


def test_avif_files_go_when_their_flag_is_killed(
    world: World, client: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    capture = django_capture_on_commit_callbacks
    turn("site-avif", "on", capture)
    before = client.get("/")
    assert answers_again(client, "/", before["ETag"]) == 304

    kill("site-avif", capture)
    after = client.get("/", headers={"if-none-match": before["ETag"]})

    assert (after.status_code, after["ETag"] != before["ETag"]) == (200, True)
    assert "Vary" not in after


def test_a_search_ranks_new_documents_higher_while_its_flag_is_on(
    world: World, api: Client, django_capture_on_commit_callbacks: Commit
) -> None:
    capture = django_capture_on_commit_callbacks
    old = world.page("Roses", body=[paragraph("<p>roses roses roses</p>")])
    world.publish(old, now=NOW - timedelta(days=400))
    new = world.page("Garden", body=[paragraph("<p>a garden with roses</p>")])
    world.publish(new)
    path = "/api/v1/search/?q=roses"
    turn("search-newest-first-boost", "off", capture)
    before = api.get(path)
    assert [each["title"] for each in before.json()["items"]] == ["Roses", "Garden"]
    assert answers_again(api, path, before["ETag"]) == 304

    single = api.get("/api/v1/search/?q=garden")["ETag"]

    turn("search-newest-first-boost", "on", capture)
    after = api.get(path, headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert [each["title"] for each in after.json()["items"]] == ["Garden", "Roses"]
    assert after["ETag"] != before["ETag"]
    assert api.get("/api/v1/search/?q=garden")["ETag"] != single


def test_the_flags_of_the_product_are_made_once_and_left_alone() -> None:
    call_command("flags", "import", str(settings.STARTER_FLAGS), "--only-new")
    assert {flag.key: flag.kill_variant for flag in Flag.objects.all()} == dict.fromkeys(
        ("compact-document-list", "related-articles", "search-newest-first-boost", "site-avif"), "off"
    )
    assert set(Flag.objects.values_list("key", flat=True)) <= DECLARED.keys()
    actions.update_flag(key="site-avif", edit=actions.Edit(owner="us"), by=SYSTEM, now=NOW)

    call_command("flags", "import", str(settings.STARTER_FLAGS), "--only-new")

    assert Flag.objects.get(pk="site-avif").owner == "us"


def test_the_list_of_documents_is_compact_for_one_person(world: World) -> None:
    people = [User.objects.create_superuser(f"{name}@example.org", "a long password", name=name) for name in "ab"]
    make_flag("compact-document-list", {"if": [{"==": [{"var": "targetingKey"}, str(people[0].pk)]}, "on"]})
    lists = []
    for person in people:
        client = Client(headers={"host": "localhost"})
        client.force_login(person, backend="cms.accounts.backend.GrantBackend")
        lists.append("table--compact" in client.get("/admin/cms_content/document/").content.decode())

    assert lists == [True, False]
