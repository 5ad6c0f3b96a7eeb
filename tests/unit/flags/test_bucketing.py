"""People stay where they are: the bytes that are hashed, and what follows from them, never change."""

from collections import Counter

import pytest

from reliability.flags.bucketing import bucket, cbor, hash_of, hash_with, pair_prefix
from reliability.flags.evaluator import compile_flag


@pytest.mark.parametrize(
    ("value", "encoded", "hashed"),
    [
        (["flag", "user-1"], "8264666c616766757365722d31", 1204790219),
        ("user-1", "66757365722d31", 1431628768),
        (12345, "193039", 1188579684),
        (True, "f5", 836216331),
    ],
)
def test_published_examples_hash_to_the_published_numbers(value: object, encoded: str, hashed: int) -> None:
    assert (cbor(value) or b"").hex() == encoded
    assert hash_of(value) == hashed


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        (0, "00"), (23, "17"), (24, "1818"), (255, "18ff"), (256, "190100"), (65536, "1a00010000"),
        (2**63, "1b8000000000000000"), (-1, "20"), (-25, "3818"), (5.0, "05"), (1.5, "f93e00"),
        (0.1, "fb3fb999999999999a"),
        (100000.5, "fa47c35040"), ("ü", "62c3bc"), ("a" * 24, "7818" + "61" * 24), (False, "f4"),
    ],
)  # fmt: skip
def test_values_are_encoded_in_their_shortest_form(value: object, encoded: str) -> None:
    assert (cbor(value) or b"").hex() == encoded


def test_what_has_no_place_is_not_hashed() -> None:
    assert [cbor(None), cbor({"a": 1}), cbor(2**70), hash_of(["a", None])] == [None] * 4


def test_the_prepared_prefix_hashes_as_the_whole_pair() -> None:
    for key in ("", "user-1", "x" * 23, "x" * 24, "x" * 300, "🦊"):
        assert hash_with(pair_prefix("new-editor"), key) == hash_of(("new-editor", key))


def test_a_split_gets_its_share_within_one_point() -> None:
    people = [f"person-{number}" for number in range(100_000)]

    found = Counter(bucket(("rollout", each), 100) for each in people)

    share = sum(found[place] for place in range(10)) / len(people) * 100  # type: ignore[index]
    assert 9 < share < 11


def test_nobody_loses_a_feature_when_its_share_grows() -> None:
    def has_it(percent: int) -> set[str]:
        rule = {"fractional": [["on", percent], ["off", 100 - percent]]}
        flag = compile_flag("f", {"state": "ENABLED", "variants": {"on": True, "off": False}, "targeting": rule})
        return {each for each in people if flag.evaluate(False, {"targetingKey": each}).value}

    people = [f"person-{number}" for number in range(5_000)]

    assert has_it(10) < has_it(20) < has_it(100) == set(people)
