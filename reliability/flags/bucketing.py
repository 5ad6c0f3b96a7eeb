"""Into which share does somebody fall? Stable for ever: the bytes that are hashed are pinned by tests. Pure.

Version 3 of flagd's fractional bucketing: murmur3 (x86, 32 bit) over the canonical CBOR (RFC 8949, section 4.2) of what
is hashed, then `(hash * total weight) >> 32`.
"""

import struct
from collections.abc import Sequence
from math import isinf, isnan
from typing import Any

import mmh3

WEIGHT_SUM_MAX = 2_147_483_647
TEXT, ARRAY, UNSIGNED, NEGATIVE = 3, 4, 0, 1
"""Major types of CBOR."""
FALSE, TRUE = b"\xf4", b"\xf5"
NAN, INFINITY, NEGATIVE_INFINITY = b"\xf9\x7e\x00", b"\xf9\x7c\x00", b"\xf9\xfc\x00"
FLOATS = ((">e", b"\xf9"), (">f", b"\xfa"), (">d", b"\xfb"))
SHORT_TEXTS = tuple(bytes([TEXT << 5 | size]) for size in range(24))
"""Heads of texts shorter than 24 bytes, by their length."""
INT_MIN, INT_MAX = -(2**63), 2**64 - 1
"""Whole floats in this range are hashed as integers, so that 5 and 5.0 are one person."""


def hash_of(value: Any) -> int | None:
    """Hash a text, number, truth, or list of those to 32 bits; None for anything else."""
    encoded = cbor(value)
    return None if encoded is None else mmh3.hash(encoded, signed=False)


def bucket(value: Any, total: int) -> int | None:
    """Give the place of a value among `total` equal shares, from 0; None when it has none."""
    hashed = hash_of(value)
    return None if hashed is None else (hashed * total) >> 32


def pair_prefix(first: str) -> bytes:
    """Encode the beginning of the pair [first, ...], for `hash_with`."""
    return _head(ARRAY, 2) + (cbor(first) or b"")


def hash_with(prefix: bytes, key: str) -> int:
    """Hash the pair that begins with `prefix` and ends with `key`; the same as `hash_of((first, key))`."""
    encoded = key.encode("utf-8", "surrogatepass")
    size = len(encoded)
    head = SHORT_TEXTS[size] if size < 24 else _head(TEXT, size)
    return int(mmh3.hash(prefix + head + encoded, signed=False))


def cbor(value: Any) -> bytes | None:
    """Encode a value canonically; None for what is not hashed (nothing, objects, integers beyond 64 bit)."""
    if isinstance(value, str):
        encoded = value.encode("utf-8", errors="surrogatepass")
        return _head(TEXT, len(encoded)) + encoded
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, Sequence):
        parts = [cbor(each) for each in value]
        return None if None in parts else _head(ARRAY, len(parts)) + b"".join(part for part in parts if part)
    return None


def _head(major: int, size: int) -> bytes:
    kind = major << 5
    if size < 24:
        return bytes([kind | size])
    for width, form in ((1, ">B"), (2, ">H"), (4, ">I"), (8, ">Q")):
        if size < 1 << (8 * width):
            return bytes([kind | (23 + width.bit_length())]) + struct.pack(form, size)
    raise OverflowError(size)


def _integer(value: int) -> bytes | None:
    if not INT_MIN <= value <= INT_MAX:
        return None
    return _head(UNSIGNED, value) if value >= 0 else _head(NEGATIVE, -1 - value)


def _float(value: float) -> bytes | None:
    if isnan(value):
        return NAN
    if isinf(value):
        return INFINITY if value > 0 else NEGATIVE_INFINITY
    if value.is_integer() and INT_MIN <= value <= INT_MAX:
        return _integer(int(value))
    for form, prefix in FLOATS:
        try:
            packed = struct.pack(form, value)
        except OverflowError:
            continue
        if struct.unpack(form, packed)[0] == value:
            return prefix + packed
    return None
