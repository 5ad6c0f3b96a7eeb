import random

from hypothesis import given
from hypothesis import strategies as st

from cms.content import blocks
from cms.content.diff import Difference, diff
from cms.content.merge import Change, Conflict, merge
from cms.content.parsing import parse_type
from tests.unit.content.samples import ARTICLE, TYPES, columns, quote

TYPE = parse_type(ARTICLE)
A, B, C, D = (quote(name, name) for name in "abcd")
AID, BID, XID = A["id"], B["id"], "x00000000000"


def data(*body, **fields):
    return {"title": "Sea", "summary": None, "day": None, "tags": [], "body": [*body]} | fields


def merged(base, theirs, mine):
    return merge(base, theirs, mine, TYPE, TYPES)


def body_of(result):
    assert result.conflicts == []
    return result.data["body"]


def test_changes_to_different_fields_are_both_kept():
    result = merged(data(), data(title="River"), data(summary="Wet", slug="sea"))

    assert result.data == data(title="River", summary="Wet", slug="sea")
    assert result.conflicts == []
    assert result.changes == [
        Change("theirs", Difference("title", "changed", "Sea", "River")),
        Change("mine", Difference("summary", "changed", None, "Wet")),
        Change("mine", Difference("slug", "changed", None, "sea")),
    ]


def test_the_same_field_changed_twice_is_a_conflict_that_holds_all_three():
    result = merged(data(), data(title="River"), data(title="Lake"))

    assert result.conflicts == [Conflict("title", "Sea", "River", "Lake")]
    assert result.data["title"] == "Lake"


def test_the_same_change_on_both_sides_is_no_conflict():
    result = merged(data(), data(title="Lake"), data(title="Lake"))

    assert result.conflicts == []
    assert result.changes == [Change("both", Difference("title", "changed", "Sea", "Lake"))]


def test_true_and_one_are_different_values():
    result = merged(data(extra=1), data(extra=True), data(extra=1))

    assert result.data["extra"] is True


def test_blocks_added_by_both_stand_behind_their_neighbours():
    assert body_of(merged(data(A, B), data(A, C, B), data(A, B, D))) == [A, C, B, D]


def test_different_fields_of_one_block_are_both_kept():
    theirs, mine = quote("a", "changed"), quote("a", "a", source="Ada")

    assert body_of(merged(data(A), data(theirs), data(mine))) == [quote("a", "changed", source="Ada")]


def test_the_same_field_of_a_block_is_a_conflict_at_its_path():
    result = merged(data(A), data(quote("a", "one")), data(quote("a", "two")))

    assert result.conflicts == [Conflict(f"body.{AID}.text", "a", "one", "two")]


def test_a_move_and_an_edit_come_together():
    assert body_of(merged(data(A, B), data(B, A), data(quote("a", "new"), B))) == [B, quote("a", "new")]


def test_an_edit_survives_a_removal_as_a_conflict():
    edited = quote("a", "new")
    result = merged(data(A, B), data(B), data(edited, B))

    assert result.data["body"] == [edited, B]
    assert result.conflicts == [Conflict(f"body.{AID}", A, None, edited)]


def test_two_orders_are_a_conflict():
    result = merged(data(A, B, C), data(B, A, C), data(A, C, B))

    assert result.conflicts == [
        Conflict("body.order", [A["id"], B["id"], C["id"]], [B["id"], A["id"], C["id"]], [A["id"], C["id"], B["id"]])
    ]
    assert result.data["body"] == [A, C, B]


def test_an_edit_follows_a_block_that_the_other_moved_into_new_columns():
    result = merged(data(A, B), data(quote("a", "new"), B), data(columns("x", [A], []), B))

    assert body_of(result) == [columns("x", [quote("a", "new")], []), B]


def test_blocks_moved_into_each_other_are_neither_lost_nor_doubled():
    x, y = columns("x", [], []), columns("y", [], [])
    theirs, mine = data(columns("y", [x], [])), data(columns("x", [y], []))
    result = merged(data(x, y), theirs, mine)

    assert result.data == mine
    assert result.conflicts == [Conflict("body", [x, y], theirs["body"], mine["body"])]


def test_unreadable_blocks_are_compared_as_a_whole():
    newer = {"id": XID, "type": "quote", "v": 9, "value": {"text": "one"}}
    other = {**newer, "value": {"text": "two"}}

    assert body_of(merged(data(newer), data(other, A), data(newer, B))) == [other, A, B]


@st.composite
def edits(draw, start):
    """A document after a few edits of its blocks, as an editor would make them."""
    chance = random.Random(draw(st.integers()))
    body = start
    for _ in range(draw(st.integers(0, 4))):
        ids = [each["id"] for each in blocks.iterate(body, TYPES)]
        step = draw(st.sampled_from(["add", "remove", "move", "edit", "wrap"]))
        if step == "add" or not ids:
            body = [*body, blocks.new_block(TYPES["quote"], {"text": "new", "source": None}, random=chance)]
        elif step == "remove":
            body = blocks.remove(body, draw(st.sampled_from(ids)), TYPES)
        elif step == "move":
            body = blocks.move(body, draw(st.sampled_from(ids)), draw(st.sampled_from([-1, 1, 2])), TYPES)
        elif step == "edit":
            first = body[0]
            body = [{**first, "value": {**first["value"], "source": str(chance.random())}}, *body[1:]]
        else:
            body = [blocks.new_block(TYPES["columns"], {"left": body[:1], "right": []}, random=chance), *body[1:]]
    return data(*body)


START = [A, columns("x", [B, C], [D])]


@given(edits(START))
def test_one_side_without_changes_takes_the_other(changed):
    base = data(*START)

    for result in (merged(base, changed, base), merged(base, base, changed), merged(base, changed, changed)):
        assert result.data == changed
        assert result.conflicts == []


@given(edits(START), edits(START))
def test_no_block_is_ever_lost_or_doubled(theirs, mine):
    result = merged(data(*START), theirs, mine)
    base_ids, their_ids, my_ids, ids = (
        [each["id"] for each in blocks.iterate(side["body"], TYPES)]
        for side in (data(*START), theirs, mine, result.data)
    )

    assert len(ids) == len(set(ids))
    in_conflict = str(result.conflicts)
    for block_id in (set(their_ids) | set(my_ids)) - set(ids):
        assert block_id in base_ids or block_id in in_conflict


def test_diff_names_fields_and_blocks():
    before = data(A, B, columns("x", [C], []))
    after = data(B, A, columns("x", [quote("c", "new"), D], []), title="River")

    assert diff(before, after, TYPE, TYPES) == [
        Difference("title", "changed", "Sea", "River"),
        Difference(f"body.{BID}", "moved", B, B),
        Difference(f"body.{XID}.left.{C['id']}.text", "changed", "c", "new"),
        Difference(f"body.{XID}.left.{D['id']}", "added", None, D),
    ]


def test_diff_shows_removed_blocks():
    assert diff(data(A, B), data(B), TYPE, TYPES) == [Difference(f"body.{AID}", "removed", A, None)]
