import copy

import pytest

from cms.content.definition import DefinitionError, dump_type, type_hash
from cms.content.parsing import parse_type
from tests.unit.content.samples import ARTICLE

KNOWN = {"section": "page", "tag": "item", "quote": "block", "picture": "block", "columns": "block"} | {
    "paragraph": "block"
}


def changed(field=None, **rules):
    mapping = copy.deepcopy(ARTICLE)
    if field:
        next(each for each in mapping["fields"] if each["key"] == field).update(rules)
    else:
        mapping.update(rules)
    return mapping


def problems_of(mapping, known=None):
    with pytest.raises(DefinitionError) as caught:
        parse_type(mapping, known)
    return list(caught.value.problems)


def test_dump_writes_what_parse_reads():
    parsed = parse_type(ARTICLE, KNOWN)

    assert parse_type(dump_type(parsed), KNOWN) == parsed
    assert dump_type(parsed) == ARTICLE


def test_hash_ignores_the_version_and_the_order_of_rules():
    reordered = dict(reversed(changed(version=7).items()))

    assert type_hash(parse_type(reordered)) == type_hash(parse_type(ARTICLE))
    assert type_hash(parse_type(changed("day", required=True))) != type_hash(parse_type(ARTICLE))


def test_an_unknown_option_is_refused_by_name():
    assert problems_of(changed("day", max_length=3)) == [
        ("fields.day.max_length", "date has no option 'max_length'; its own options: max, min.")
    ]


def test_every_problem_is_collected():
    mapping = changed("title", max_length=0)
    mapping["fields"][2]["kind"] = "dates"
    mapping["fields"][3]["min"] = "one"

    assert [path for path, _ in problems_of(mapping)] == [
        "fields.title.max_length",
        "fields.day.kind",
        "fields.tags.min",
    ]


def test_searchable_excludes_shared_fields():
    [(path, message)] = problems_of(changed("summary", localized=False))

    assert path == "fields.summary.searchable"
    assert message.startswith("excludes localized: false")


@pytest.mark.parametrize("kind", ["rich_text", "blocks", "json"])
def test_long_kinds_cannot_be_filtered(kind):
    mapping = changed(fields=[ARTICLE["fields"][0], {"key": "long", "kind": kind, "filterable": True}])

    assert [path for path, _ in problems_of(mapping)] == ["fields.long.filterable"]


def test_former_names_must_not_be_in_use():
    assert [path for path, _ in problems_of(changed("day", was=["summary"]))] == ["fields.summary"]


def test_title_must_name_a_text_field():
    assert [path for path, _ in problems_of(changed(title="day"))] == ["title"]


def test_named_types_must_exist_with_the_right_usage():
    known = KNOWN | {"section": "item", "tag": "block"}

    assert [path for path, _ in problems_of(ARTICLE, known)] == ["parents", "fields.tags.to"]


def test_a_default_must_be_a_value_of_the_field():
    assert problems_of(changed("day", default="tomorrow")) == [
        ("fields.day.default", "is no value of this field: Must be a day such as 2026-01-31.")
    ]


def test_names_of_the_content_api_are_reserved_except_in_blocks():
    field = {"key": "slug", "kind": "text"}

    assert [path for path, _ in problems_of(changed(fields=[ARTICLE["fields"][0], field]))] == ["fields.slug.key"]
    assert parse_type({"key": "b", "name": "B", "usage": "block", "fields": [field]}).fields[0].key == "slug"


@pytest.mark.parametrize("broken", [None, [], "article", {}, {"key": 3, "fields": [None]}, {"fields": [{"key": []}]}])
def test_nonsense_is_refused_with_problems(broken):
    assert problems_of(broken)


def test_choices_may_be_written_short():
    field = {"key": "size", "kind": "choice", "choices": ["small", {"value": "large", "label": {"de": "Groß"}}]}
    parsed = parse_type({"key": "b", "name": "B", "usage": "block", "fields": [field]})

    assert parsed.fields[0].options["choices"] == [
        {"value": "small", "label": "small"},
        {"value": "large", "label": {"de": "Groß"}},
    ]
