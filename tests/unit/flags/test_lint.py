"""A change that would move people from one variant to another says so, and how many."""

from typing import Any

from reliability.flags.lint import compare, moved


def split(*shares: list[Any]) -> dict[str, Any]:
    return {
        "state": "ENABLED",
        "variants": {name: name for name, _ in shares},
        "targeting": {"fractional": list(shares)},
    }


def codes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return [hint.code for hint in compare("f", before, after)]


def test_raising_a_share_moves_only_those_who_get_it() -> None:
    before, after = split(["on", 10], ["off", 90]), split(["on", 20], ["off", 80])

    assert codes(before, after) == []
    assert 800 < moved("f", before, after) < 1200


def test_another_order_moves_everybody_and_says_so() -> None:
    before, after = split(["on", 10], ["off", 90]), split(["off", 90], ["on", 10])

    assert codes(before, after) == ["order", "moved"]


def test_a_variant_in_the_middle_that_shifts_is_told() -> None:
    before = split(["a", 10], ["b", 20], ["c", 70])
    after = split(["a", 20], ["b", 20], ["c", 60])

    assert codes(before, after) == ["shift", "moved"]


def test_a_new_variant_at_the_end_is_harmless() -> None:
    assert codes(split(["a", 50], ["b", 50]), split(["a", 50], ["b", 50], ["c", 0])) == []
