import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.fields import context_for
from cms.content.fields.kind import Link
from cms.content.fields.record import clean_record, complete_record, links_of, searchable_words
from cms.content.parsing import parse_type
from cms.content.problems import InvalidValue
from tests.unit.content.samples import ARTICLE, RIVER, SEA, TYPES, columns, quote

FIELDS = parse_type(ARTICLE).fields
CONTEXT = context_for(TYPES)


def clean(blocks, context=CONTEXT):
    return clean_record(FIELDS, {"body": blocks}, "", context)["body"]


def problems_of(blocks, context=CONTEXT):
    with pytest.raises(InvalidValue) as caught:
        clean(blocks, context)
    return [(each.path, each.code) for each in caught.value.problems]


def picture(block_id, **image):
    return {"id": block_id, "type": "picture", "v": 1, "value": {"image": image}}


def test_blocks_are_cleaned_at_every_level():
    body = [columns("a", [quote("b", "sea \r\n")], [picture("c00000000000", asset=SEA.upper())])]

    assert clean(body) == [
        columns(
            "a",
            [quote("b", "sea")],
            [picture("c00000000000", asset=SEA, alt=None, decorative=False, focal=None)],
        )
    ]


def test_older_blocks_are_lifted_to_the_current_version():
    old = {"id": "a00000000000", "type": "quote", "v": 1, "value": {"words": "sea"}}

    assert clean([old]) == [quote("a", "sea")]


def test_paths_of_problems_name_the_block():
    body = [columns("a", [quote("b", 7)], [picture("c00000000000", asset="x")])]

    assert problems_of(body) == [
        ("body.a00000000000.left.b00000000000.text", "not_text"),
        ("body.a00000000000.right.c00000000000.image.asset", "not_an_id"),
    ]


def test_unreadable_blocks_are_kept_only_as_they_were_saved():
    newer = {"id": "n00000000000", "type": "quote", "v": 9, "value": {"html": "<script>", "z": 1, "a": 2}}
    strange = {"id": "s00000000000", "type": "hologram", "v": 1, "value": {"deep": [None]}}
    saved = {each["id"]: copy.deepcopy(each) for each in (newer, strange)}

    assert clean([strange, newer], context_for(TYPES, kept=saved)) == [strange, newer]
    assert problems_of([strange, newer]) == [
        ("body.s00000000000", "unknown_block"),
        ("body.n00000000000", "unknown_block"),
    ]


def test_an_id_stands_once_in_all_levels():
    body = [quote("a", "sea"), columns("b", [quote("a", "river")], [])]

    assert problems_of(body) == [("body.a00000000000", "repeated_id")]


def test_nesting_ends_at_four_levels():
    body = [quote("e", "sea")]
    for block_id in ("d", "c", "b"):
        body = [columns(block_id, body, [])]

    assert clean(body) == body
    assert problems_of([columns("a", body, [])])[0][1] == "too_deep"


@pytest.mark.parametrize(
    "broken",
    [
        "text",
        [None],
        [{"id": "a00000000000"}],
        [quote("a", "sea") | {"id": "short"}],
        [quote("a", "sea") | {"v": 0}],
        [quote("a", "sea") | {"v": True}],
        [quote("a", "sea") | {"value": []}],
        [quote("a", "sea") | {"extra": 1}],
        [quote("a", "sea", extra=1)],
    ],
)
def test_what_is_no_block_is_refused(broken):
    assert problems_of(broken)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "a" * 12, "b" * 12, "sea"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.fixed_dictionaries(
            {"id": inner, "type": st.sampled_from([*TYPES, "none"]) | inner, "v": st.integers(-1, 3), "value": inner}
        )
        | st.dictionaries(st.sampled_from(["left", "right", "text", "words", "image", "html"]), inner, max_size=3)
    ),
    max_leaves=30,
)


@given(ANY)
def test_any_blocks_are_either_refused_or_stored_in_their_final_form(value):
    try:
        once = clean(value)
    except InvalidValue:
        return

    assert clean(once) == once
    assert complete_record(FIELDS, {"title": "Sea", "body": once}, "", CONTEXT) is not None


def test_endless_nesting_is_refused():
    body = []
    for _ in range(400):
        body = [columns("a", body, [])]

    assert problems_of(body)[0][1] == "too_deep"


def test_publishing_asks_the_blocks_for_completeness():
    body = [quote("a", ""), columns("b", [picture("c00000000000")], [])]
    data = {"title": "Sea", "body": clean(body)}

    assert [(each.path, each.code) for each in complete_record(FIELDS, data, "", CONTEXT)] == [
        ("body.a00000000000.text", "required"),
        ("body.b00000000000.left.c00000000000.image", "required"),
    ]


def test_links_are_found_at_every_level():
    prose = {"html": f'<p><a href="cms:document/{RIVER}">River</a></p>'}
    paragraph = {"id": "p00000000000", "type": "paragraph", "v": 1, "value": prose}
    data = {"tags": [SEA], "body": clean([columns("a", [paragraph], [picture("c00000000000", asset=SEA)])])}

    assert links_of(FIELDS, data, "", CONTEXT) == [
        Link("tags", "reference", to_key=SEA),
        Link("body.a00000000000.left.p00000000000.html", "link", to_key=RIVER),
        Link("body.a00000000000.right.c00000000000.image", "media", to_asset=SEA),
    ]


def test_search_reads_all_levels_with_the_weight_of_the_field():
    data = {"title": "Sea", "summary": None, "body": [quote("a", "wide"), columns("b", [quote("c", "blue")], [])]}

    assert searchable_words(FIELDS, data, CONTEXT) == ("Sea wide blue", {"A": "Sea", "C": "wide blue"})
