"""A token is believed when we signed it, for this cluster, not long ago; everything else is no token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reliability.routing.position import Position, format_lsn, latest, parse_lsn
from reliability.routing.token import (
    MAX_LENGTH,
    Fault,
    Token,
    TokenRejected,
    decode,
    derive_keys,
    encode,
    merge,
)

SYSTEM = "7300000000000000001"
KEYS = derive_keys(["a secret key", "a former secret key"])
NOW = 1_700_000_000.0
POSITION = Position(3, 0x16B374D848, "ab12")


def read(text: str, *, system_id: str = SYSTEM, now: float = NOW, ttl_seconds: float = 3600) -> Token:
    return decode(text, system_id=system_id, keys=KEYS, now=now, ttl_seconds=ttl_seconds)


def fault_of(text: str, **circumstances: object) -> Fault:
    with pytest.raises(TokenRejected) as rejected:
        read(text, **circumstances)  # type: ignore[arg-type]
    return rejected.value.fault


def issue(position: Position = POSITION, *, key: bytes = KEYS[0], system_id: str = SYSTEM, at: float = NOW) -> str:
    return encode(position, system_id=system_id, issued_at=at, key=key)


@given(
    timeline=st.integers(0, 2**32 - 1),
    lsn=st.integers(0, 2**64 - 1),
    epoch=st.sampled_from(["", "ab12", "ffff"]),
    at=st.integers(0, 2_000_000_000),
)
def test_what_is_encoded_is_read_back(timeline: int, lsn: int, epoch: str, at: int) -> None:
    position = Position(timeline, lsn, epoch)

    token = read(issue(position, at=at), now=at)

    assert token == Token(position, at)


def test_a_token_is_short_and_fits_into_header_and_cookie() -> None:
    text = issue()

    assert len(text) < 80 <= MAX_LENGTH
    assert text.startswith("v1.")
    assert text.isascii()
    assert not set(text) & set(' ",;\\')


def test_a_token_of_a_former_key_still_counts() -> None:
    assert read(issue(key=KEYS[1])).position == POSITION


def test_a_token_of_another_key_is_forged() -> None:
    assert fault_of(issue(key=derive_keys(["another"])[0])) is Fault.FORGED


@given(st.data())
def test_no_changed_token_is_believed(data: st.DataObject) -> None:
    text = issue()
    place = data.draw(st.integers(0, len(text) - 2))  # The last character carries two bits that base64 ignores.
    other = data.draw(st.characters(min_codepoint=33, max_codepoint=126).filter(lambda each: each != text[place]))

    assert fault_of(text[:place] + other + text[place + 1 :]) in {Fault.FORGED, Fault.MALFORMED}


@given(st.integers(0, 70))
def test_a_truncated_token_is_malformed(length: int) -> None:
    assert fault_of(issue()[: min(length, len(issue()) - 1)]) is Fault.MALFORMED


@pytest.mark.parametrize("text", ["", "v1", "v2.a.b.c", "v1." + "a" * 500, "é" * 60, "v1.abc123.1-ab12.1f.1f.\n"])
def test_what_is_no_token_is_malformed(text: str) -> None:
    assert fault_of(text) is Fault.MALFORMED


def test_a_token_of_another_cluster_is_foreign() -> None:
    assert fault_of(issue(system_id="999")) is Fault.FOREIGN


def test_before_the_cluster_is_known_every_system_fits() -> None:
    assert read(issue(), system_id="").position == POSITION
    assert read(issue(system_id="")).position == POSITION


def test_a_token_ends_with_its_time() -> None:
    assert read(issue(), now=NOW + 3600).position == POSITION
    assert fault_of(issue(), now=NOW + 3601) is Fault.EXPIRED


def test_a_token_of_a_clock_that_is_a_little_ahead_counts() -> None:
    assert read(issue(at=NOW + 59)).position == POSITION
    assert fault_of(issue(at=NOW + 61)) is Fault.FUTURE


def test_header_and_cookie_merge_to_the_higher_position() -> None:
    older, newer = Token(Position(1, 9_000), 5.0), Token(Position(2, 10), 4.0)

    assert merge([older, newer]) == merge([newer, None, older]) == newer
    assert merge([None, None]) is None


def test_positions_compare_by_timeline_before_lsn() -> None:
    assert Position(2, 1) > Position(1, 999)
    assert latest([None, Position(1, 5), Position(1, 7)]) == Position(1, 7)


@given(st.integers(0, 2**64 - 1))
def test_lsns_are_written_as_postgresql_does(lsn: int) -> None:
    assert parse_lsn(format_lsn(lsn)) == lsn


def test_an_lsn_without_a_slash_is_refused() -> None:
    assert parse_lsn("16/B374D848") == POSITION.lsn
    with pytest.raises(ValueError, match="looks like 16/B374D848"):
        parse_lsn("16B374D848")
