"""What caches may keep of a page, and when it changes."""

from datetime import timedelta

from django.test import Client

from cms.content.actions import save_draft
from cms.content.draft import Draft
from cms.content.models import Document
from tests.factories.site import NOW, SYSTEM, World, paragraph

LATER = NOW + timedelta(hours=1)


def test_an_unchanged_page_is_not_sent_again(world: World, client: Client) -> None:
    first = client.get("/")

    again = client.get("/", headers={"if-none-match": first["ETag"]})

    assert first["ETag"].startswith('"')
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=10, stale-if-error=86400"
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]


def test_a_head_request_has_the_same_headers_and_no_body(world: World, client: Client) -> None:
    got, head = client.get("/"), client.head("/")

    assert head.content == b""
    assert head["ETag"] == got["ETag"]


def test_a_page_answers_everybody_alike(world: World, client: Client) -> None:
    answer = client.get("/")

    assert "Vary" not in answer
    assert not answer.cookies


def test_a_renamed_page_changes_the_pages_that_link_to_it(world: World, client: Client) -> None:
    target = world.page("Target")
    link = f'<p><a href="cms:document/{target.translation_group_id}">there</a></p>'
    source = world.page("Source", body=[paragraph(link)], in_navigation=False)
    world.publish(target, source)
    before = client.get("/source/")["ETag"]

    draft = Draft({"title": "Target"}, slug="elsewhere")
    save_draft(document_id=target.pk, base_version=1, draft=draft, by=SYSTEM, now=LATER)
    world.publish(Document.objects.get(pk=target.pk), now=LATER)
    after = client.get("/source/")

    assert after["ETag"] != before
    assert 'href="/elsewhere/"' in after.content.decode()


def test_a_changed_menu_changes_every_page(world: World, client: Client) -> None:
    menu = world.item("menu", name="Main", handle="main", links=[])
    page = world.page("Page")
    world.publish(menu, page)
    before = client.get("/page/")["ETag"]

    link = {
        "id": "bbbbbbbbbbbb",
        "type": "menu_link",
        "v": 1,
        "value": {"label": "Start", "url": "https://example.org/"},
    }
    save_draft(document_id=menu.pk, base_version=1, draft=Draft({"links": [link]}), by=SYSTEM, now=LATER)
    world.publish(Document.objects.get(pk=menu.pk), now=LATER)
    after = client.get("/page/")

    assert after["ETag"] != before
    assert '<a href="https://example.org/">Start</a>' in after.content.decode()


def test_the_keys_for_purging_name_the_page_its_targets_and_what_all_pages_share(world: World, client: Client) -> None:
    target = world.page("Target")
    link = f'<p><a href="cms:document/{target.translation_group_id}">there</a></p>'
    page = world.page("Page", body=[paragraph(link)])
    world.publish(target, page)

    keys = client.get("/page/")["Surrogate-Key"].split()

    wanted = {f"d:{page.pk}", f"k:{target.translation_group_id}", f"c:{page.pk}", "s:main", "t:main:menu:en"}
    assert wanted <= set(keys)
