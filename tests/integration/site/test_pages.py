"""Published pages, by path, as HTML."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts import sites
from cms.content.actions import save_draft, translate
from cms.content.draft import Draft
from cms.delivery.models import Publication
from tests.factories.site import NOW, SYSTEM, World, paragraph

LATER = NOW + timedelta(hours=1)


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


def test_markup_in_a_title_is_shown_as_text(world: World, client: Client) -> None:
    world.publish(world.page("<script>alert(1)</script>", slug="odd"))

    text = client.get("/odd/").content.decode()

    assert "<script>" not in text
    assert "<h1>&lt;script&gt;alert(1)&lt;/script&gt;</h1>" in text


def test_a_block_of_an_unknown_type_or_a_newer_version_is_left_out(world: World, client: Client) -> None:
    page = world.page("Page", body=[paragraph("<p>Known</p>")])
    world.publish(page)
    row = Publication.objects.get(document_id=page.pk)
    newer = row.data.replace('"v":1', '"v":99').replace("Known", "Newer")
    row.data = row.data.replace(
        '"body":[', '"body":[{"id":"bbbbbbbbbbbb","type":"gadget","v":1,"value":{"html":"<p>Gadget</p>"}},'
    ).replace("}]", "}," + newer.partition('"body":[')[2].partition("]")[0] + "]", 1)
    row.save()

    text = client.get("/page/").content.decode()

    assert "<p>Known</p>" in text
    assert "Gadget" not in text
    assert "Newer" not in text


def test_a_former_path_leads_to_the_page(world: World, client: Client) -> None:
    page = world.page("Page", slug="old")
    world.publish(page)
    save_draft(document_id=page.pk, base_version=1, draft=Draft({"title": "Page"}, slug="new"), by=SYSTEM, now=LATER)
    world.publish(page, now=LATER)

    answer = client.get("/old/")

    assert (answer.status_code, answer["Location"]) == (301, "/new/")


def test_an_address_without_its_slash_gets_it(world: World, client: Client) -> None:
    answer = client.get("/about?x=1")

    assert (answer.status_code, answer["Location"]) == (301, "/about/?x=1")


def test_each_locale_has_its_own_addresses(world: World, client: Client) -> None:
    home = translate(document_id=world.home.pk, locale_id=world.german.pk, by=SYSTEM, now=NOW)
    page = world.page("News")
    german = world.document("page", under=home, locale=world.german, title="Neues")
    world.publish(home, page, german)

    text = client.get("/de/neues/").content.decode()

    assert '<html lang="de" dir="ltr">' in text
    assert "<h1>Neues</h1>" in text
    assert client.get("/neues/").status_code == 404


def test_a_page_that_is_not_translated_is_shown_in_the_fallback_and_says_so(world: World, client: Client) -> None:
    world.publish(world.page("News"))

    text = client.get("/de/news/").content.decode()

    assert "Diese Seite ist noch nicht übersetzt" in text
    assert '<article class="page" lang="en" dir="ltr">' in text
    assert '<link rel="canonical" href="http://testserver/news/">' in text


def test_translations_are_named_for_readers_and_for_search_engines(world: World, client: Client) -> None:
    home = translate(document_id=world.home.pk, locale_id=world.german.pk, by=SYSTEM, now=NOW)
    world.publish(home)

    text = client.get("/").content.decode()

    assert '<a href="/de/" lang="de" hreflang="de" dir="ltr">Deutsch</a>' in text
    assert '<link rel="alternate" hreflang="de" href="http://testserver/de/">' in text
    assert '<link rel="alternate" hreflang="x-default" href="http://testserver/">' in text


def test_an_address_where_nothing_is_gets_words_in_its_language(world: World, client: Client) -> None:
    answer = client.get("/de/nirgends/")

    assert answer.status_code == 404
    assert "Hier gibt es keine Seite" in answer.content.decode()
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=10"


@pytest.mark.parametrize("path", ["/a%00b/", f"/{'x' * 2_100}/"])
def test_a_path_that_no_page_can_have_is_not_found(world: World, client: Client, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404


def test_nothing_can_be_sent_to_a_page(world: World) -> None:
    answer = Client(enforce_csrf_checks=True).post("/")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD"


def test_a_site_without_a_menu_lists_the_pages_that_want_to_be_in_it(world: World, client: Client) -> None:
    world.publish(world.page("Visible"), world.page("Quiet", in_navigation=False))

    menu = client.get("/").content.decode().partition('<nav class="menu"')[2].partition("</nav>")[0]

    assert '<a href="/visible/">Visible</a>' in menu
    assert "Quiet" not in menu


def test_a_section_lists_its_articles_newest_first_and_older_ones_on_the_next_page(
    world: World, client: Client
) -> None:
    news = world.document("section", under=world.home, title="News")
    world.publish(news)
    for number in range(11):
        article = world.document("article", under=news, title=f"Story {number:02d}")
        world.publish(article, now=NOW + timedelta(minutes=number))

    first = client.get("/news/").content.decode()
    older = first.partition('rel="next" href="')[2].partition('"')[0]
    second = client.get(older).content.decode()

    assert first.index("Story 10") < first.index("Story 09") < first.index("Story 02")
    assert "Story 01" not in first
    assert second.index("Story 01") < second.index("Story 00")
    assert "Story 02" not in second


def test_a_cursor_that_is_not_ours_is_not_found(world: World, client: Client) -> None:
    news = world.document("section", under=world.home, title="News")
    world.publish(news)

    answer = client.get("/news/?before=nonsense")

    assert answer.status_code == 404


def test_a_page_takes_the_same_number_of_statements_with_one_link_and_with_a_hundred(
    world: World, client: Client
) -> None:
    counted = [_statements_of(world, client, links) for links in (1, 100)]

    assert counted == [6, 6]


def test_a_site_of_another_host_is_not_mixed_up(world: World, client: Client) -> None:
    world.site.hosts = ["example.org"]
    world.site.save()
    sites.forget()

    text = client.get("/", headers={"host": "localhost"}).content.decode()

    assert '<link rel="canonical" href="http://example.org/">' in text


def _statements_of(world: World, client: Client, links: int) -> int:
    targets = [world.page(f"Target {links} {number}") for number in range(links)]
    body: list[dict[str, Any]] = [
        paragraph(f'<p><a href="cms:document/{each.translation_group_id}">x</a></p>', block_id=f"block{number:07d}")
        for number, each in enumerate(targets)
    ]
    page = world.page(f"Page {links}", body=body)
    world.publish(*targets, page)
    client.get(f"/page-{links}/")  # so that sites and types are known
    with CaptureQueriesContext(connection) as statements:
        answer = client.get(f"/page-{links}/")
    assert answer.content.decode().count('href="/target-') >= links
    return len(statements)
