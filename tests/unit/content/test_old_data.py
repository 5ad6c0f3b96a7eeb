from cms.content import upcast
from cms.content.parsing import parse_type
from cms.content.upcast import lift, read_through
from tests.unit.content.samples import SEA, TYPES, block, columns, quote


def item(*fields):
    return parse_type({"key": "x", "name": "X", "usage": "item", "title": "t", "fields": [TITLE, *fields]})


TITLE = {"key": "t", "kind": "text"}


def test_renamed_fields_are_read_under_todays_name():
    today = item({"key": "summary", "kind": "text", "was": ["lead", "intro"]})

    assert read_through({"t": "Sea", "lead": "a"}, today, {}) == {"t": "Sea", "summary": "a"}
    assert read_through({"t": "Sea", "lead": "a", "intro": "b"}, today, {}) == {"t": "Sea", "summary": "b"}
    assert read_through({"t": "Sea", "summary": "c", "intro": "b"}, today, {}) == {"t": "Sea", "summary": "c"}


def test_missing_fields_get_their_default_and_other_keys_stay():
    today = item({"key": "size", "kind": "number", "default": 3}, {"key": "day", "kind": "date"})

    assert read_through({"slug": "sea"}, today, {}) == {"slug": "sea", "t": None, "size": 3, "day": None}


def test_plain_text_becomes_prose_when_the_field_became_rich_text():
    before = item({"key": "intro", "kind": "text"})
    today = item({"key": "about", "kind": "rich_text", "was": ["intro"]})
    data = {"t": None, "intro": "a < b\nc\n\nd"}

    assert read_through(data, today, {}, written_with=before)["about"] == "<p>a &lt; b<br>c</p><p>d</p>"
    assert read_through({"about": "<p>x</p>"}, today, {}, written_with=today)["about"] == "<p>x</p>"


def test_one_becomes_many_and_whole_numbers_become_decimals():
    today = item(
        {"key": "tags", "kind": "references"},
        {"key": "sizes", "kind": "choice", "choices": ["s"], "multiple": True},
        {"key": "price", "kind": "number", "decimals": 2},
    )

    assert read_through({"t": None, "tags": SEA, "sizes": "s", "price": 4}, today, {}) == {
        "t": None,
        "tags": [SEA],
        "sizes": ["s"],
        "price": "4.00",
    }


def test_blocks_are_lifted_where_they_are_nested():
    old = {"id": "q00000000000", "type": "quote", "v": 1, "value": {"words": "sea"}}
    today = item({"key": "body", "kind": "blocks"})

    assert read_through({"body": [columns("c", [old], [])]}, today, TYPES)["body"] == [
        columns("c", [quote("q", "sea")], [])
    ]


def test_registered_steps_run_one_after_the_other(monkeypatch):
    monkeypatch.setitem(upcast.UPCASTERS, ("b", 1), lambda value: {"n": value["n"] + 1})
    monkeypatch.setitem(upcast.UPCASTERS, ("b", 3), lambda value: {"n": value["n"] * 10})
    types = {"b": block("b", {"key": "n", "kind": "number"}, version=4)}

    lifted = [lift({"id": "b", "type": "b", "v": v, "value": {"n": 1}}, types) for v in (1, 2, 3, 4)]

    assert [(each["v"], each["value"]["n"]) for each in lifted] == [(4, 20), (4, 10), (4, 10), (4, 1)]


def test_unreadable_blocks_are_the_same_objects_afterwards():
    newer = {"id": "n", "type": "quote", "v": 3, "value": {"words": "x"}}
    strange = {"id": "s", "type": "hologram", "v": 1, "value": None}

    assert lift(newer, TYPES) is newer
    assert lift(strange, TYPES) is strange


def test_text_in_blocks_becomes_prose_when_the_earlier_definition_is_known():
    before = block("note", {"key": "text", "kind": "text"})
    today = block("note", {"key": "text", "kind": "rich_text"}, version=2)
    old = {"id": "n", "type": "note", "v": 1, "value": {"text": "a < b"}}

    lifted = lift(old, {"note": today}, earlier=lambda *at: {("note", 1): before}.get(at))

    assert lifted["value"] == {"text": "<p>a &lt; b</p>"}
