"""May a copy be kept, how long, and is it still right? Pure.

The ETag is strong and known before anything is serialised: it hashes the query, the shape of the answer, and id and
version of every row that the answer is made of (RFC 9110, section 8.8.3).
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b

SHAPE_VERSION = "1"
"""Raised when the code renders the same rows to other bytes."""
SHARED_SECONDS = 10
"""How long a shared cache may keep an answer while no purge reaches it."""
KEYS_MAX_BYTES = 8 * 1024


def etag(query: str, rows: Iterable[tuple[str, int]]) -> str:
    """Compute the strong ETag, quotes included, of an answer to `query` made of (id, version) rows."""
    digest = blake2b(digest_size=15)
    digest.update(f"{SHAPE_VERSION}\n{query}\n".encode())
    digest.update("\n".join(f"{key} {version}" for key, version in rows).encode())
    return f'"{urlsafe_b64encode(digest.digest()).decode()}"'


def is_current(if_none_match: str | None, tag: str) -> bool:
    """Tell whether the client's copy is still right, by weak comparison; `*` and lists count (RFC 9110, 13.1.2)."""
    if not if_none_match:
        return False
    if if_none_match == tag:
        return True
    candidates = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return "*" in candidates or tag in candidates


def cache_control(*, now: datetime, next_flip: datetime | None, for_browsers: bool = False) -> str:
    """Say how long the answer may be kept; no lifetime passes the next scheduled change of what it shows.

    Pages are `for_browsers`, which would show an editor the old page while they fetch the new one.
    """
    seconds = SHARED_SECONDS
    if next_flip is not None:
        seconds = max(0, min(seconds, int((next_flip - now).total_seconds())))
    revalidate = "" if for_browsers else "stale-while-revalidate=30, "
    return f"public, max-age=0, s-maxage={seconds}, {revalidate}stale-if-error=86400"


def surrogate_keys(keys: Iterable[str], *, collapsed: Iterable[str]) -> str:
    """Join surrogate keys, each once; more than 8 KiB of them collapse to the coarser ones."""
    joined = " ".join(dict.fromkeys(keys))
    return joined if len(joined) <= KEYS_MAX_BYTES else " ".join(dict.fromkeys(collapsed))
