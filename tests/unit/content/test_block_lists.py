import random

import pytest

from cms.content import blocks
from tests.unit.content.samples import TYPES, columns, quote

A, B, C = (quote(name, name) for name in "abc")
STRANGE = {"id": "s00000000000", "type": "hologram", "v": 1, "value": {"left": [{"id": "inner"}]}}
BODY = [A, columns("x", [B], [C]), STRANGE]


def ids(body):
    return [each["id"][0] for each in blocks.iterate(body, TYPES)]


def test_ids_have_twelve_characters_and_come_from_the_given_chance():
    made = blocks.new_id(random=random.Random(1))

    assert blocks.is_id(made)
    assert made == blocks.new_id(random=random.Random(1))
    assert not blocks.is_id("short")


def test_iteration_enters_readable_blocks_only():
    assert ids(BODY) == ["a", "x", "b", "c", "s"]


def test_blocks_are_found_at_any_depth():
    assert blocks.find(BODY, C["id"], TYPES) == C
    assert blocks.find(BODY, "none", TYPES) is None


def test_a_duplicate_has_new_ids_throughout_and_leaves_the_original_alone():
    result = blocks.duplicate(BODY, BODY[1]["id"], TYPES, random=random.Random(1))
    made = [each["id"] for each in blocks.iterate(result, TYPES)]

    assert len(made) == len(set(made)) == 8
    assert [each["type"] for each in result] == ["quote", "columns", "columns", "hologram"]
    assert result[:2] == BODY[:2]
    assert result[2]["value"]["left"][0]["value"] == B["value"]


def test_a_nested_block_is_duplicated_in_its_list():
    result = blocks.duplicate(BODY, B["id"], TYPES, random=random.Random(1))

    assert [each["value"]["text"] for each in result[1]["value"]["left"]] == ["b", "b"]


@pytest.mark.parametrize(("by", "order"), [(-1, "bac"), (1, "acb"), (-5, "bac"), (5, "acb"), (0, "abc")])
def test_a_move_stops_at_the_ends(by, order):
    moved = blocks.move([A, B, C], B["id"], by, TYPES)

    assert [each["id"][0] for each in moved] == list(order)


def test_a_block_is_removed_with_what_is_nested():
    assert ids(blocks.remove(BODY, BODY[1]["id"], TYPES)) == ["a", "s"]
    assert ids(blocks.remove(BODY, B["id"], TYPES)) == ["a", "x", "c", "s"]


@pytest.mark.parametrize("change", [blocks.remove, lambda *args: blocks.move(args[0], args[1], 1, args[2])])
def test_an_unknown_block_is_an_error(change):
    with pytest.raises(blocks.UnknownBlock):
        change(BODY, "none", TYPES)


def test_missing_ids_are_made_and_others_kept():
    body = [columns("x", [{key: B[key] for key in ("type", "v", "value")}], [C])]
    made = blocks.with_ids(body, TYPES, random=random.Random(1))

    assert ids(made)[0::2] == ["x", "c"]
    assert blocks.is_id(made[0]["value"]["left"][0]["id"])
