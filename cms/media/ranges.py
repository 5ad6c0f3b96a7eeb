"""Which part of a file does a request ask for? RFC 9110, section 14, for one range of bytes."""

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.ASCII)


@dataclass(frozen=True)
class Part:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class NotSatisfiable(Exception):
    """The range begins behind the end of the file."""


def part(header: str, size: int) -> Part | None:
    """Read a Range header for a file of `size` bytes; None means the whole file.

    That is also the answer, as the RFC allows, to several ranges and to what cannot be read. Raises NotSatisfiable.
    """
    found = _ONE_RANGE.fullmatch(header)
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return _last_bytes(int(last), size)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise NotSatisfiable
    return Part(int(first), min(int(last), size - 1) if last else size - 1)


def _last_bytes(count: int, size: int) -> Part:
    if not count or not size:
        raise NotSatisfiable
    return Part(max(0, size - count), size - 1)
