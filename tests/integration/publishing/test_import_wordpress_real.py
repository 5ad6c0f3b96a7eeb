"""Exports as WordPress makes them are readable through the API afterwards; what is expected is counted without us."""

import html
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import transaction
from django.test import Client

from cms.accounts import sites
from cms.content import types as drafts
from cms.content.models import Document
from cms.delivery import types as published
from cms.publishing.actions import import_wordpress
from cms.publishing.models import ImportedItem
from cms.publishing.wordpress.report import Report
from tests.factories.site import NOW, SYSTEM, make_world

EXPORTS = Path(__file__).parents[4] / "shared" / "data" / "wordpress"
THEME_UNIT = EXPORTS / "a11y-theme-unit-test-data.xml"
PREVIEW = EXPORTS / "theme-preview.xml"

pytestmark = [
    pytest.mark.skipif(not THEME_UNIT.exists(), reason="the exports of real sites are not in ../shared/data/wordpress"),
    pytest.mark.django_db(databases="__all__"),  # Else this file alone would get no database.
]


@dataclass
class Imported:
    """What readers get after an import, and what a second import says."""

    home: str
    documents: dict[str, dict[str, Any]]
    """Every published document by source key, as the list of the API shows it."""
    at_path: dict[str, str]
    """The id of what stands at the path of each of them, by source key."""
    drafts: Counter[str]
    """Documents by type, published or not."""
    first: Report
    second: Report


@pytest.fixture(scope="module")
def theme_unit(django_db_setup: None, django_db_blocker: Any) -> Imported:
    with django_db_blocker.unblock():
        return imported(THEME_UNIT)


@pytest.fixture(scope="module")
def preview(django_db_setup: None, django_db_blocker: Any) -> Imported:
    with django_db_blocker.unblock():
        return imported(PREVIEW)


def imported(path: Path) -> Imported:
    """Import a site twice, read all of it, and take everything back."""
    _forget()
    with transaction.atomic():
        home = make_world().home
        first = import_wordpress(file=path, by=SYSTEM, now=NOW)
        second = import_wordpress(file=path, by=SYSTEM, now=NOW)
        rows = ImportedItem.objects.values_list("source_key", "document_id")
        items = read_all()
        documents = {key: items[str(pk)] for key, pk in rows if str(pk) in items}
        at_path = {key: read_page(one["path"])["id"] for key, one in documents.items() if one["path"]}
        drafts = Counter(Document.objects.values_list("type__key", flat=True))
        transaction.set_rollback(True)
    _forget()
    return Imported(str(home.pk), documents, at_path, drafts, first, second)


def read_all() -> dict[str, dict[str, Any]]:
    """Read everything that is published, as a client does, page by page; by id."""
    found: dict[str, dict[str, Any]] = {}
    url = "/api/v1/documents/?limit=100"
    while url:
        answer = Client(headers={"host": "localhost"}).get(url).json()
        found |= {item["id"]: item for item in answer["items"]}
        url = answer["links"]["next"]
    return found


def read_page(path: str) -> dict[str, Any]:
    answer: dict[str, Any] = Client(headers={"host": "localhost"}).get("/api/v1/pages/", {"path": path}).json()
    return answer


def entries(path: Path) -> Iterator[dict[str, str]]:
    """Read posts and pages with nothing of ours: local names and texts; terms as `domain:nicename`."""
    for entry in ElementTree.parse(path).getroot().iter("item"):
        values = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in entry}
        terms = {f"{child.get('domain')}:{child.get('nicename')}" for child in entry.findall("category")}
        if values.get("post_type") in ("post", "page"):
            number = values.get("post_id") or values["link"].rpartition("=")[2]
            yield values | {"terms": " ".join(sorted(terms)), "key": f"{values['post_type']}:{number}"}


def is_public(values: dict[str, str]) -> bool:
    """A future post counts from its date on, which has passed in this export."""
    has_come = values["status"] == "future" and values["post_date_gmt"] < f"{NOW:%Y-%m-%d}"
    return (values["status"] == "publish" or has_come) and not values.get("post_password")


def test_everything_public_is_readable_with_its_title_and_date(theme_unit: Imported) -> None:
    public = [values for values in entries(THEME_UNIT) if is_public(values)]

    assert len(public) == 63
    for values in public:
        document = theme_unit.documents[values["key"]]
        date = datetime.fromisoformat(document["first_published_at"])
        assert document["title"] == html.unescape(values["title"])
        assert f"{date:%Y-%m-%d %H:%M:%S}" == values["post_date_gmt"]
        assert document["published_at"] == document["first_published_at"]


def test_everything_public_stands_at_its_path_below_its_parent(theme_unit: Imported) -> None:
    found = theme_unit.documents
    for values in entries(THEME_UNIT):
        if not is_public(values):
            continue
        parent = theme_unit.home
        if values["post_type"] == "post":
            parent = found["section:articles"]["id"]
        elif values["post_parent"] != "0":
            parent = found[f"page:{values['post_parent']}"]["id"]

        assert found[values["key"]]["parent"] == parent
        assert theme_unit.at_path[values["key"]] == found[values["key"]]["id"]


def test_every_article_has_its_author_categories_and_tags(theme_unit: Imported) -> None:
    keys = {document["translation_key"]: key for key, document in theme_unit.documents.items()}
    for values in entries(THEME_UNIT):
        if values["post_type"] != "post" or not is_public(values):
            continue
        fields, terms = theme_unit.documents[values["key"]]["fields"], values["terms"].split()
        shown = {name: sorted(keys[one["key"]] for one in fields[name]) for name in ("authors", "categories", "tags")}

        assert shown == {
            "authors": [f"author:{values['creator']}"],
            "categories": [term for term in terms if term.startswith("category:")],
            "tags": [term.removeprefix("post_") for term in terms if term.startswith("post_tag:")],
        }


def test_drafts_and_protected_posts_are_not_published(theme_unit: Imported) -> None:
    hidden = {values["key"]: values["title"] for values in entries(THEME_UNIT) if not is_public(values)}

    assert hidden == {
        "post:1164": "Draft",
        "post:1168": 'Template: Password Protected (the password is "enter")',
    }
    assert not hidden.keys() & theme_unit.documents.keys()
    assert theme_unit.drafts["page"] + theme_unit.drafts["article"] == 65 + 1  # and the home page


def test_titles_stay_intact(theme_unit: Imported) -> None:
    assert theme_unit.documents["post:1169"]["title"] == ""
    assert theme_unit.documents["post:1173"]["title"] == "Markup: Title With Markup"
    assert theme_unit.documents["post:1175"]["title"] == "Antidisestablishmentarianism"


def test_terms_and_menus_are_counted(theme_unit: Imported) -> None:
    root = ElementTree.parse(THEME_UNIT).getroot()
    texts = [(element.tag.rpartition("}")[2], element.text) for element in root.iter()]
    used = {tuple(term.split(":", 1)) for values in entries(THEME_UNIT) for term in values["terms"].split()}
    categories = {text for tag, text in texts if tag == "category_nicename"}
    tags = {text for tag, text in texts if tag == "tag_slug"}

    assert theme_unit.drafts["category"] == len(categories | {slug for kind, slug in used if kind == "category"})
    assert theme_unit.drafts["tag"] == len(tags | {slug for kind, slug in used if kind == "post_tag"})
    assert theme_unit.drafts["menu"] == 3
    assert theme_unit.first.actions["created"] == theme_unit.drafts.total() - 1


def test_a_second_import_leaves_everything_as_it_is(theme_unit: Imported, preview: Imported) -> None:
    assert dict(theme_unit.second.actions) == {"unchanged": theme_unit.drafts.total() - 1}
    assert dict(preview.second.actions) == {"unchanged": preview.drafts.total() - 1}


def test_an_export_of_an_older_kind_is_readable_too(preview: Imported) -> None:
    posts = list(entries(PREVIEW))

    assert len(posts) == 7
    for values in posts:
        document = preview.documents[values["key"]]
        date = datetime.fromisoformat(document["first_published_at"])
        assert document["title"] == html.unescape(values["title"])
        assert f"{date:%Y-%m-%d %H:%M:%S}" == values["post_date"]


def _forget() -> None:
    for snapshot in (sites, drafts, published):
        snapshot.forget()
