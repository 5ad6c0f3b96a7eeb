"""Which of two versions comes first? Precedence by Semantic Versioning 2.0.0, section 11. Pure."""

import operator as op
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

VERSION = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
)
PARTS = 3


class Version(NamedTuple):
    """A version; tuples compare by precedence. A release comes after its pre-releases, numbers before texts."""

    major: int
    minor: int
    patch: int
    is_release: bool
    pre: tuple[tuple[bool, int, str], ...]


@lru_cache(maxsize=1024)
def parse(given: str) -> Version | None:
    """Read a version; a leading "v" and missing parts ("1.2") are fine. None when it is none."""
    plain = given[1:] if given[:1] in ("v", "V") else given
    numeric = re.split(r"[-+]", plain, maxsplit=1)[0]
    missing = max(0, PARTS - 1 - numeric.count("."))
    found = VERSION.fullmatch(numeric + ".0" * missing + plain[len(numeric) :])
    if found is None:
        return None
    pre = tuple(
        (False, int(each), "") if each.isdecimal() else (True, 0, each) for each in (found[4] or "").split(".") if each
    )
    return Version(int(found[1]), int(found[2]), int(found[3]), not pre, pre)


TESTS: Mapping[str, Callable[[Version, Version], bool]] = {
    "=": op.eq,
    "!=": op.ne,
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
    "^": lambda one, other: one.major == other.major,
    "~": lambda one, other: one[:2] == other[:2],
}
"""By operator; ^ is the same major version, ~ the same major and minor."""


def compare(left: Any, operator: str, right: Any) -> bool | None:
    """Compare two versions by one of TESTS; None when they cannot be."""
    one, other = parse(str(left)), parse(str(right))
    if one is None or other is None:
        return None
    test = TESTS.get(operator)
    return test(one, other) if test else None
