from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from cms.content.fields import context_for
from cms.content.fields.record import clean_record, complete_record
from cms.content.plan import plan
from cms.content.public import json_schema, public_definition
from cms.content.starter import starter_types
from cms.content.typefile import read_types, write_types
from cms.content.upcast import read_through
from tests.unit.content.samples import SEA

TYPES = {each.key: each for each in starter_types()}
BLOCKS = {key: each for key, each in TYPES.items() if each.usage == "block"}


def test_every_promised_type_is_there():
    promised = "page section article author category tag menu site_settings"
    blocks = "heading paragraph image gallery quote list table code embed file button callout columns html"

    assert {*promised.split(), *blocks.split()} <= TYPES.keys()
    assert {key for key, each in TYPES.items() if each.usage == "page"} == {"page", "section", "article"}


def test_export_and_import_change_nothing():
    assert plan(TYPES, read_types(write_types(TYPES.values()))) == []


def test_a_home_page_may_stand_at_the_root():
    assert TYPES["page"].parents == ()


def link(block_id, *children):
    value = {"label": block_id, "target": None, "url": "/a/", "children": [*children]}
    return {"id": block_id * 12, "type": "menu_link", "v": 1, "value": value}


@pytest.mark.parametrize(
    ("links", "codes"), [([link("a", link("b"))], []), ([link("a", link("b", link("c")))], ["too_deep"])]
)
def test_a_menu_has_two_levels_of_links(links, codes):
    context = context_for(BLOCKS)
    fields = TYPES["menu"].fields
    cleaned = clean_record(fields, {"name": "Main", "links": links}, "", context)

    assert cleaned["links"] == links
    assert [each.code for each in complete_record(fields, cleaned, "", context)] == codes


@pytest.mark.parametrize("key", sorted(TYPES))
def test_a_new_document_of_every_type_can_be_saved(key):
    data = read_through({}, TYPES[key], BLOCKS)

    assert clean_record(TYPES[key].fields, data, "", context_for(BLOCKS)) == data


def test_readers_see_no_notes_for_editors():
    public = public_definition(TYPES["article"])
    [day] = [each for each in public["fields"] if each["key"] == "day"]

    assert day == {
        "key": "day",
        "kind": "date",
        "label": "Date",
        "required": False,
        "localized": False,
        "filterable": True,
        "searchable": None,
        "options": {},
    }
    assert "help" not in str(public)


def test_readers_see_no_retired_fields():
    article = TYPES["article"]
    retired = replace(article, fields=tuple(replace(each, retired=each.key == "day") for each in article.fields))

    assert "day" not in [each["key"] for each in public_definition(retired)["fields"]]
    assert "day" not in json_schema(retired)["properties"]


@pytest.mark.parametrize("key", sorted(TYPES))
def test_every_type_has_a_valid_json_schema(key):
    Draft202012Validator.check_schema(json_schema(TYPES[key]))


def test_the_json_schema_accepts_a_published_article():
    schema = Draft202012Validator(json_schema(TYPES["article"]))
    target = {"key": SEA, "id": SEA, "type": "tag", "path": None}
    heading = {"id": "a" * 12, "type": "heading", "v": 1, "value": {"text": "Sea", "level": "2"}}
    article = {"title": "Sea", "day": "2026-01-31", "hero": None, "tags": [target], "body": [heading]}

    assert [*schema.iter_errors(article)] == []
    assert [error.json_path for error in schema.iter_errors(article | {"title": None, "tags": None})] == [
        "$.title",
        "$.tags",
    ]
