import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.content.ordering import ALPHABET, order_key, order_keys


@given(st.lists(st.integers(min_value=0), min_size=1, max_size=200))
def test_a_new_key_lies_strictly_between_its_neighbours(places):
    keys = []
    for place in places:
        index = place % (len(keys) + 1)
        after = keys[index - 1] if index else None
        before = keys[index] if index < len(keys) else None
        key = order_key(after, before)
        assert (after or "") < key
        assert before is None or key < before
        assert key.isdecimal()
        assert not key.endswith("0")
        keys.insert(index, key)

    assert keys == sorted(keys, key=str.encode)


KEYS = st.text(ALPHABET, min_size=1, max_size=6).filter(lambda key: not key.endswith("0"))


@given(KEYS, KEYS)
def test_there_is_room_between_any_two_keys(one, other):
    low, high = sorted((one, other))
    if low != high:
        assert low < order_key(low, high) < high


def test_keys_grow_slowly_at_the_ends():
    last, first, lengths = None, None, []
    for _ in range(5_000):
        last, first = order_key(last, None), order_key(None, first)
        lengths.append((len(last), len(first)))

    assert lengths[90] == (3, 3)
    assert lengths[-1] == (7, 7)


@pytest.mark.parametrize("count", [0, 1, 9, 10, 5_000])
def test_many_children_get_short_even_keys(count):
    keys = order_keys(count)

    assert len(set(keys)) == count
    assert keys == sorted(keys)
    assert max(map(len, keys), default=0) <= 4
    assert not any(key.endswith("0") or key == "" for key in keys)


@pytest.mark.parametrize(("after", "before"), [("2", "1"), ("1", "1"), ("", None), ("10", None), (None, "a")])
def test_keys_out_of_order_are_refused(after, before):
    with pytest.raises(ValueError, match=r"order key|come before"):
        order_key(after, before)
