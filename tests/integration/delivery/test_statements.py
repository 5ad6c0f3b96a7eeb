"""Two statements an answer, whatever there is to answer."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cms.accounts import sites
from cms.accounts.models import Locale, SiteLocale
from cms.content.models import Document
from tests.factories.site import World, paragraph


@pytest.fixture
def page(world: World, api: Client) -> Document:
    """Give a published page, with everything that a process reads once already read."""
    page = world.page("Page")
    world.publish(page)
    api.get("/api/v1/documents/")
    return page


def statements(api: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert api.get(url).status_code == 200
    return len(counted)


@pytest.mark.parametrize("links", [0, 50])
def test_links_cost_one_statement_together(world: World, api: Client, page: Document, links: int) -> None:
    html = "".join(f'<p><a href="cms:document/{page.translation_group_id}">{n}</a></p>' for n in range(links))
    many = world.page("Many", body=[paragraph(html or "<p>none</p>")])
    world.publish(many)

    for url in (f"/api/v1/documents/{many.pk}/", "/api/v1/pages/?path=/many/", "/api/v1/documents/?type=page"):
        assert statements(api, url) <= 2, url


def test_documents_cost_nothing_more(world: World, api: Client, page: Document) -> None:
    world.publish(*[world.page(f"Page {number}") for number in range(30)])

    assert statements(api, "/api/v1/documents/?limit=100") <= 2
    assert statements(api, "/api/v1/search/?q=page&limit=100") <= 2


def test_locales_cost_nothing_more(world: World, api: Client, page: Document) -> None:
    codes = [f"en-A{number:02}" for number in range(40)]
    for code in codes:
        locale = Locale.objects.create(code=code, name=code, fallback=["en"])
        SiteLocale.objects.create(site=world.site, locale=locale, prefix=code.lower())
    world.german.fallback = [*codes, "en"]
    world.german.save()
    sites.forget()
    sites.current()

    for url in ("/api/v1/pages/?path=/page/&locale=de", "/api/v1/documents/?locale=de"):
        assert statements(api, url) <= 2, url


def test_each_level_of_include_costs_one_statement(world: World, api: Client, page: Document) -> None:
    tag = world.item("tag", name="Rivers")
    article = world.document("article", under=world.home, title="A", tags=[str(tag.translation_group_id)])
    world.publish(tag, article)

    assert statements(api, f"/api/v1/documents/{article.pk}/?include=tags") <= 3
