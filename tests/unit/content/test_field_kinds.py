import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.definition import FieldDefinition
from cms.content.fields import KINDS, context_for
from cms.content.fields.json import MAX_BYTES
from cms.content.fields.kind import FilterValue
from cms.content.parsing import parse_field
from cms.content.problems import InvalidValue, Problem
from tests.unit.content.samples import RIVER, SEA, TYPES

CONTEXT = context_for(TYPES)


def field(kind, **rules):
    return parse_field({"key": "f", "kind": kind} | rules, usage="item", path="")


def clean(kind, value, **rules):
    return KINDS[kind].clean(value, field(kind, **rules), "f", CONTEXT)


def codes(kind, value, **rules):
    return [each.code for each in KINDS[kind].complete(value, field(kind, **rules), "f", CONTEXT)]


def image(**more):
    return {"asset": SEA, "alt": None, "decorative": False, "focal": None} | more


STORED = [
    ("text", " Sea\nside ", {}, "Sea side"),
    ("text", "  indented\r\nline \n", {"multiline": True}, "  indented\nline"),
    ("text", " \n ", {"multiline": True}, None),
    ("text", "a\x00b\ud800", {}, "ab"),
    ("rich_text", "<p>Sea<script>no()</script></p>", {}, "<p>Sea</p>"),
    ("rich_text", "<p> </p>", {}, None),
    ("number", 7, {}, 7),
    ("number", "7", {}, 7),
    ("number", 7.0, {}, 7),
    ("number", 12.5, {"decimals": 2}, "12.50"),
    ("number", "-0", {"decimals": 1}, "0.0"),
    ("number", 0, {}, 0),
    ("boolean", False, {}, False),
    ("date", "2026-02-28", {}, "2026-02-28"),
    ("datetime", "2026-01-31T10:00:00+01:00", {}, "2026-01-31T09:00:00Z"),
    ("datetime", "2026-01-31T09:00:00.5Z", {}, "2026-01-31T09:00:00.500000Z"),
    ("choice", "a", {"choices": ["a"]}, "a"),
    ("choice", ["b", "a", "b"], {"choices": ["a", "b"], "multiple": True}, ["b", "a"]),
    ("choice", None, {"choices": ["a"], "multiple": True}, []),
    ("media", {"asset": SEA.upper(), "alt": " Waves "}, {}, image(alt="Waves")),
    ("media", [{"asset": SEA, "focal": {"x": 0.25, "y": 1}}], {"multiple": True}, [image(focal={"x": 0.25, "y": 1.0})]),
    ("reference", SEA.upper(), {}, SEA),
    ("references", [SEA, RIVER, SEA.upper()], {}, [SEA, RIVER]),
    ("json", {"b": [1, None], "a": "ü"}, {}, {"b": [1, None], "a": "ü"}),
    ("json", ["a \\u0000 b"], {}, ["a \\u0000 b"]),
    ("geo", {"lat": 52.12345678, "lon": -0.0}, {}, {"lat": 52.123457, "lon": 0.0}),
    ("url", " https://example.org/a ", {}, "https://example.org/a"),
    ("url", "/about/", {}, "/about/"),
    ("url", "tel:+123", {"schemes": ["tel"]}, "tel:+123"),
    ("email", " ada@example.org ", {}, "ada@example.org"),
    ("color", "#ABC", {}, "#aabbcc"),
    ("color", "#11223344", {"alpha": True}, "#11223344"),
]


@pytest.mark.parametrize(("kind", "value", "rules", "stored"), STORED)
def test_values_are_stored_in_one_form(kind, value, rules, stored):
    cleaned = clean(kind, value, **rules)

    assert cleaned == stored
    assert type(cleaned) is type(stored)
    assert clean(kind, cleaned, **rules) == stored


REFUSED = [
    ("text", 7, {}, "f", "not_text"),
    ("text", "x" * 1_000_001, {}, "f", "too_long"),
    ("number", True, {}, "f", "not_a_number"),
    ("number", "NaN", {}, "f", "not_a_number"),
    ("number", "1e400", {}, "f", "too_large"),
    ("number", 1.5, {}, "f", "too_many_decimals"),
    ("boolean", "yes", {}, "f", "not_a_boolean"),
    ("boolean", 1, {}, "f", "not_a_boolean"),
    ("date", "2026-02-30", {}, "f", "not_a_date"),
    ("date", "20260228", {}, "f", "not_a_date"),
    ("datetime", "2026-01-31T10:00:00", {}, "f", "not_a_datetime"),
    ("datetime", "0001-01-01T00:00:00+10:00", {}, "f", "not_a_datetime"),
    ("choice", ["a"], {"choices": ["a"]}, "f", "not_a_choice"),
    ("choice", "a", {"choices": ["a"], "multiple": True}, "f", "not_a_list"),
    ("media", SEA, {}, "f", "not_media"),
    ("media", {"asset": "x"}, {}, "f.asset", "not_an_id"),
    ("media", {"asset": SEA, "focal": {"x": 2, "y": 0}}, {}, "f.focal", "not_a_point"),
    ("media", {"asset": SEA, "focal": {"x": 0}}, {}, "f.focal", "not_a_point"),
    ("media", {"asset": SEA, "decorative": 1}, {}, "f.decorative", "not_a_boolean"),
    ("media", {"asset": SEA, "width": 1}, {}, "f", "not_media"),
    ("reference", "{" + SEA[:34] + "}", {}, "f", "not_an_id"),
    ("references", [SEA, "x"], {}, "f[1]", "not_an_id"),
    ("json", {"a": [{"cms:link": 1}]}, {}, "f", "reserved_key"),
    ("json", {1: 2}, {}, "f", "reserved_key"),
    ("json", float("nan"), {}, "f", "not_json"),
    ("json", "ü" * (MAX_BYTES // 2), {}, "f", "too_large"),
    ("json", "\x00", {}, "f", "not_text"),
    ("json", {"\ud800": 1}, {}, "f", "not_text"),
    ("geo", {"lat": 91, "lon": 0}, {}, "f.lat", "not_degrees"),
    ("geo", [1, 2], {}, "f", "not_a_position"),
    ("url", "javascript:alert(1)", {}, "f", "not_an_address"),
    ("url", "mailto:ada@example.org", {}, "f", "not_an_address"),
    ("email", "ada@example", {}, "f", "not_an_email"),
    ("color", "red", {}, "f", "not_a_color"),
    ("color", "#11223344", {}, "f", "not_a_color"),
]


@pytest.mark.parametrize(("kind", "value", "rules", "path", "code"), REFUSED)
def test_a_wrong_shape_is_refused_where_it_is(kind, value, rules, path, code):
    with pytest.raises(InvalidValue) as caught:
        clean(kind, value, **rules)

    assert [(each.path, each.code) for each in caught.value.problems] == [(path, code)]


INCOMPLETE = [
    ("text", "ab", {"min_length": 3}, "too_short"),
    ("text", "abcd", {"max_length": 3}, "too_long"),
    ("text", "abc", {"pattern": "[a-b]+"}, "wrong_pattern"),
    ("number", 3, {"min": 4}, "too_small"),
    ("number", "4.5", {"max": 4, "decimals": 1}, "too_large"),
    ("date", "2026-01-01", {"min": "2026-01-02"}, "too_early"),
    ("datetime", "2026-01-03T00:00:00Z", {"max": "2026-01-02T00:00:00Z"}, "too_late"),
    ("choice", "c", {"choices": ["a", "b"]}, "not_a_choice"),
    ("references", [SEA], {"min": 2}, "too_few"),
    ("references", [SEA, RIVER], {"max": 1}, "too_many"),
    ("json", {"a": 1}, {"schema": {"properties": {"a": {"type": "string"}}}}, "wrong_schema"),
    ("json", {"a": 1}, {"schema": {"$ref": "#/$defs/none"}}, "wrong_schema"),
]


@pytest.mark.parametrize(("kind", "value", "rules", "code"), INCOMPLETE)
def test_drafts_may_hold_what_publishing_refuses(kind, value, rules, code):
    assert clean(kind, value, **rules) == value
    assert codes(kind, value, **rules) == [code]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_empty_value_is_fine_unless_publishing_requires_it(kind):
    rules = {"choices": ["a"]} if kind == "choice" else {}
    empty = clean(kind, None, **rules)

    assert codes(kind, empty, **rules) == []
    assert KINDS[kind].complete(empty, field(kind, required=True, **rules), "f", CONTEXT) == [
        Problem("f", "required", "This field is required.")
    ]
    assert KINDS[kind].references(empty, field(kind, **rules), "f", CONTEXT) == []
    assert KINDS[kind].filter_values(empty, field(kind, **rules)) == []
    assert KINDS[kind].search_text(empty, field(kind, **rules), CONTEXT) == ""


def test_false_and_zero_are_answers():
    assert codes("boolean", False, required=True) == []
    assert codes("number", 0, required=True) == []


FILTERS = [
    ("text", "Sea", {}, ["text:Sea"]),
    ("text", "x" * 300, {}, ["text:" + "x" * 200]),
    ("number", "12.50", {"decimals": 2}, ["number:12.50"]),
    ("boolean", False, {}, ["text:false"]),
    ("date", "2026-01-31", {}, ["time:2026-01-31 00:00:00+00:00"]),
    ("datetime", "2026-01-31T09:00:00Z", {}, ["time:2026-01-31 09:00:00+00:00"]),
    ("choice", ["a", "b"], {"choices": ["a", "b"], "multiple": True}, ["text:a", "text:b"]),
    ("references", [SEA, RIVER], {}, [f"ref:{SEA}", f"ref:{RIVER}"]),
    ("media", image(), {}, [f"ref:{SEA}"]),
    ("geo", {"lat": 52.5, "lon": -13.4}, {}, ["text:166.600000 number:52.5"]),
]


@pytest.mark.parametrize(("kind", "value", "rules", "kept"), FILTERS)
def test_filters_keep_comparable_values(kind, value, rules, kept):
    assert [_shown(each) for each in KINDS[kind].filter_values(value, field(kind, **rules))] == kept


def _shown(value: FilterValue) -> str:
    names = [name for name in ("text", "number", "time", "ref") if getattr(value, name) is not None]
    return " ".join(f"{name}:{getattr(value, name)}" for name in names)


BAD_OPTIONS = [
    ("text", {"min_length": 5, "max_length": 4}, "min_length"),
    ("text", {"pattern": "("}, "pattern"),
    ("text", {"multiline": "yes"}, "multiline"),
    ("rich_text", {"features": ["bold", "blink"]}, "features"),
    ("number", {"min": "9", "max": 10.5, "decimals": 11}, "decimals"),
    ("number", {"min": 11, "max": "10.5"}, "min"),
    ("date", {"min": "today"}, "min"),
    ("datetime", {"min": "2026-01-01T00:00:00"}, "min"),
    ("choice", {}, "choices"),
    ("choice", {"choices": ["a", "a"]}, "choices"),
    ("choice", {"choices": [{"label": "A"}]}, "choices"),
    ("choice", {"choices": [{"value": "a", "label": {"de": 1}}]}, "choices"),
    ("media", {"accept": ["image", "flash"]}, "accept"),
    ("media", {"crops": ["wide"]}, "crops"),
    ("references", {"to": "tag"}, "to"),
    ("blocks", {"depth": 5}, "depth"),
    ("json", {"schema": {"type": "strin"}}, "schema"),
    ("json", {"schema": {"items": {"$ref": "https://example.org/x.json"}}}, "schema"),
    ("url", {"schemes": ["javascript"]}, "schemes"),
    ("email", {"max": 3}, "max"),
]


@pytest.mark.parametrize(("kind", "options", "name"), BAD_OPTIONS)
def test_a_wrong_option_is_named(kind, options, name):
    problems = KINDS[kind].check_options(FieldDefinition(key="f", kind=kind, options=options))

    assert [each.path for each in problems] == [name]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(sorted(KINDS)), st.booleans(), JSON)
def test_any_json_is_either_refused_or_stored_in_its_final_form(kind, multiple, value):
    rules = {"choice": {"choices": ["a"]}, "number": {"decimals": 2}}.get(kind, {})
    rules |= {"multiple": multiple} if kind in ("choice", "media") else {}
    try:
        once = clean(kind, value, **rules)
    except InvalidValue:
        return

    assert clean(kind, once, **rules) == once
    assert isinstance(codes(kind, once, **rules), list)
