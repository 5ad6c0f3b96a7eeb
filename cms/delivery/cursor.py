"""Where does the next page begin? An opaque text that names the last row and the query it belongs to."""

import base64
import binascii
import json
from collections.abc import Sequence
from hashlib import blake2b

MAX_LENGTH = 1_000


class CursorMismatch(ValueError):
    """The cursor was made for another query."""


class CursorBroken(ValueError):
    """The text is no cursor."""


def encode(query: str, last: Sequence[str | int | float | None]) -> str:
    """Make the cursor that continues `query` after the row whose order values are `last`."""
    text = json.dumps({"q": _digest(query), "k": list(last)}, separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(query: str, cursor: str) -> list[str | int | float | None]:
    """Read the order values out of a cursor. Raises CursorBroken, or CursorMismatch for another query."""
    try:
        if len(cursor) > MAX_LENGTH:
            raise CursorBroken(cursor)
        loaded = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        digest, last = loaded["q"], loaded["k"]
    except (binascii.Error, ValueError, TypeError, KeyError) as error:
        raise CursorBroken(cursor) from error
    if not isinstance(last, list) or not all(isinstance(each, str | int | float | None) for each in last):
        raise CursorBroken(cursor)
    if digest != _digest(query):
        raise CursorMismatch(cursor)
    return last


def _digest(query: str) -> str:
    return blake2b(query.encode(), digest_size=6).hexdigest()
