"""The list and the detail of documents: what a client asks for is what it gets."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cms.content.actions import translate
from cms.content.models import Document
from tests.factories.site import NOW, SYSTEM, World, paragraph


@pytest.fixture
def articles(world: World) -> list[Document]:
    """Give five published articles, one an hour, in a section."""
    section = world.document("section", under=world.home, title="News")
    world.publish(section)
    made = [
        world.document("article", under=section, title=f"Article {number}", day=f"2026-10-0{number}")
        for number in range(1, 6)
    ]
    for number, article in enumerate(made):
        world.publish(article, now=NOW + timedelta(hours=number))
    return made


def titles(answer: Any) -> list[str]:
    return [item["title"] for item in answer["items"]]


def test_a_list_is_newest_first(articles: list[Document], api: Client) -> None:
    answer = api.get("/api/v1/documents/?type=article&limit=2").json()

    assert titles(answer) == ["Article 5", "Article 4"]


def test_following_next_reads_every_document_once(articles: list[Document], api: Client) -> None:
    url: str | None = "/api/v1/documents/?type=article&limit=2"
    seen: list[str] = []
    while url:
        answer = api.get(url).json()
        seen += titles(answer)
        url = answer["links"]["next"]

    assert seen == ["Article 5", "Article 4", "Article 3", "Article 2", "Article 1"]


def test_a_page_deep_in_the_list_is_stable_while_new_documents_come(
    world: World, articles: list[Document], api: Client
) -> None:
    first = api.get("/api/v1/documents/?type=article&limit=2").json()
    newest = world.document("article", under=articles[0].parent, title="Newest")
    world.publish(newest, now=NOW + timedelta(days=1))

    second = api.get(first["links"]["next"]).json()

    assert titles(second) == ["Article 3", "Article 2"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("filter[day]=2026-10-03", ["Article 3"]),
        ("filter[day][gte]=2026-10-04", ["Article 5", "Article 4"]),
        ("filter[day][lt]=2026-10-02", ["Article 1"]),
        ("filter[day][in]=2026-10-01,2026-10-05", ["Article 5", "Article 1"]),
        ("filter[day][ne]=2026-10-03", ["Article 5", "Article 4", "Article 2", "Article 1"]),
        ("filter[day][exists]=false", []),
        ("filter[path]=/news/article-2/", ["Article 2"]),
        ("filter[path][starts]=/news/article-", ["Article 5", "Article 4", "Article 3", "Article 2", "Article 1"]),
        ("order=day", ["Article 1", "Article 2", "Article 3", "Article 4", "Article 5"]),
        ("order=-title&limit=2", ["Article 5", "Article 4"]),
        ("order=tree&limit=2", ["Article 1", "Article 2"]),
    ],
)
def test_filters_and_orders(articles: list[Document], api: Client, query: str, expected: list[str]) -> None:
    answer = api.get(f"/api/v1/documents/?type=article&{query}")

    assert titles(answer.json()) == expected


@pytest.mark.parametrize("order", ["day", "-day", "title", "-title", "tree", "updated_at"])
def test_every_order_can_be_paged_through(articles: list[Document], api: Client, order: str) -> None:
    whole = titles(api.get(f"/api/v1/documents/?type=article&order={order}").json())

    paged: list[str] = []
    url: str | None = f"/api/v1/documents/?type=article&order={order}&limit=2"
    while url:
        answer = api.get(url).json()
        paged += titles(answer)
        url = answer["links"]["next"]

    assert paged == whole
    assert sorted(paged) == ["Article 1", "Article 2", "Article 3", "Article 4", "Article 5"]


def test_references_are_filtered_included_and_resolved(world: World, api: Client) -> None:
    tag = world.item("tag", name="Rivers")
    article = world.document("article", under=world.home, title="On rivers", tags=[str(tag.translation_group_id)])
    other = world.document("article", under=world.home, title="On hills")
    world.publish(tag, article, other)
    key = tag.translation_group_id

    answer = api.get(f"/api/v1/documents/?type=article&filter[tags]={key}&include=tags").json()

    assert titles(answer) == ["On rivers"]
    assert answer["items"][0]["fields"]["tags"][0]["id"] == str(tag.pk)
    assert answer["included"]["documents"][str(tag.pk)]["title"] == "Rivers"
    assert titles(api.get(f"/api/v1/documents/?filter[refers_to]={key}").json()) == ["On rivers"]


def test_fields_narrow_the_answer(articles: list[Document], api: Client) -> None:
    answer = api.get("/api/v1/documents/?type=article&fields=title,day&limit=1").json()

    assert answer["items"][0]["fields"] == {"title": "Article 5", "day": "2026-10-05"}


def test_a_link_follows_the_page_that_it_names(world: World, api: Client) -> None:
    target = world.page("Target")
    link = f'<p><a href="cms:document/{target.translation_group_id}">there</a></p>'
    source = world.page("Source", body=[paragraph(link)])
    world.publish(target, source)

    answer = api.get("/api/v1/pages/?path=/source/").json()

    assert 'href="/target/"' in answer["fields"]["body"][0]["value"]["html"]


def test_a_missing_translation_falls_back_and_says_so(world: World, articles: list[Document], api: Client) -> None:
    for each in (world.home, articles[0].parent, articles[1]):
        assert each is not None
        world.publish(translate(document_id=each.pk, locale_id=world.german.pk, by=SYSTEM, now=NOW))

    answer = api.get("/api/v1/documents/?type=article&locale=de").json()

    assert {(item["title"], item["locale"], item["requested_locale"]) for item in answer["items"]} == {
        ("Article 1", "en", "de"),
        ("Article 2", "de", "de"),
        ("Article 3", "en", "de"),
        ("Article 4", "en", "de"),
        ("Article 5", "en", "de"),
    }
    assert titles(api.get("/api/v1/documents/?type=article&locale=de&fallback=none").json()) == ["Article 2"]


def test_the_detail_gives_the_translation_that_is_asked_for(
    world: World, articles: list[Document], api: Client
) -> None:
    for each in (world.home, articles[0].parent, articles[1]):
        assert each is not None
        world.publish(translate(document_id=each.pk, locale_id=world.german.pk, by=SYSTEM, now=NOW))

    german = api.get(f"/api/v1/documents/{articles[1].pk}/?locale=de").json()
    own = api.get(f"/api/v1/documents/{articles[1].pk}/").json()

    assert (german["locale"], own["locale"]) == ("de", "en")
    assert german["translation_key"] == own["translation_key"]


def test_a_tree_gives_the_navigation(world: World, api: Client) -> None:
    parent = world.page("Parent")
    child = world.page("Child", under=parent)
    grandchild = world.page("Grandchild", under=child)
    world.publish(parent, child, grandchild)

    tree = api.get("/api/v1/pages/?path=/&tree=2").json()["tree"]

    assert [(node["title"], [below["title"] for below in node["children"]]) for node in tree] == [("Parent", ["Child"])]
    assert tree[0]["children"][0]["children"] == []
