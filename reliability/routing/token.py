"""What has this client seen already? A signed text that names a position, carried by the client.

`v1.<system>.<timeline>-<epoch>.<lsn>.<issued at>.<mac>`: six digits of SHA-256 of the system identifier, four of the
epoch's id, LSN and milliseconds since 1970 in hexadecimal, 16 bytes of HMAC-SHA256 in base64url. Signed, because an
unsigned one lets anybody send all reads to the primary.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from reliability.routing.position import EPOCH_DIGITS, Position

VERSION = "v1"
MAC_BYTES = 16
SYSTEM_DIGITS = 6
MAX_LENGTH = 128
"""Characters; a real token has about 70."""
OPENED_TOKENS = 4096
"""A browser sends the same token with each of its requests: so many are read only once."""
CLOCK_SKEW_SECONDS = 60.0
"""How far the clock of the process that issued a token may be ahead of ours."""
NO_EPOCH = "0" * EPOCH_DIGITS
NO_SYSTEM = "0" * SYSTEM_DIGITS
SALT = b"reliability.routing.token"
FORM = re.compile(
    rf"{VERSION}\.([0-9a-f]{{{SYSTEM_DIGITS}}})\.([0-9]{{1,10}})-([0-9a-f]{{{EPOCH_DIGITS}}})"
    r"\.([0-9a-f]{1,16})\.([0-9a-f]{1,12})\.([A-Za-z0-9_-]{22})",
    re.ASCII,
)


class Fault(StrEnum):
    """Why a token does not count."""

    MALFORMED = "malformed"
    FORGED = "forged"
    FOREIGN = "foreign"
    EXPIRED = "expired"
    FUTURE = "future"


class TokenRejected(ValueError):
    """The token does not count: it is malformed, forged, of another cluster, expired, or from the future."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Token:
    """A position that a client has seen."""

    position: Position
    issued_at: float
    """Seconds since 1970, by the clock of the process that issued it."""


def derive_keys(secrets: Iterable[str]) -> tuple[bytes, ...]:
    """Derive the signing keys from SECRET_KEY and its fallbacks, in this order; the first one signs."""
    return tuple(hmac.digest(secret.encode(), SALT, "sha256") for secret in secrets)


def encode(position: Position, *, system_id: str, issued_at: float, key: bytes) -> str:
    """Write the token of a position; `issued_at` in seconds since 1970."""
    epoch = position.epoch or NO_EPOCH
    issued = int(issued_at * 1000)
    text = f"{VERSION}.{_system(system_id)}.{position.timeline}-{epoch}.{position.lsn:x}.{issued:x}"
    return f"{text}.{_mac(text, key)}"


def decode(text: str, *, system_id: str, keys: Sequence[bytes], now: float, ttl_seconds: float) -> Token:
    """Read a token; `now` in seconds since 1970. An empty `system_id` (not known yet) fits every token.

    Raises TokenRejected, with the fault.
    """
    system, token = _open(text, tuple(keys))
    if system_id and system not in (_system(system_id), NO_SYSTEM):
        raise TokenRejected(Fault.FOREIGN)
    if token.issued_at > now + CLOCK_SKEW_SECONDS:
        raise TokenRejected(Fault.FUTURE)
    if token.issued_at < now - ttl_seconds:
        raise TokenRejected(Fault.EXPIRED)
    return token


def merge(tokens: Iterable[Token | None]) -> Token | None:
    """Join what a client presents: the highest position counts. Its age is that of the token that holds it."""
    return max((token for token in tokens if token is not None), key=lambda token: token.position, default=None)


@lru_cache(maxsize=OPENED_TOKENS)
def _open(text: str, keys: tuple[bytes, ...]) -> tuple[str, Token]:
    """Check form and signature, and read what is in it: system, and token. Refusals are not kept."""
    match = FORM.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if match is None:
        raise TokenRejected(Fault.MALFORMED)
    if not _is_signed(text, keys):
        raise TokenRejected(Fault.FORGED)
    system, timeline, epoch, lsn, issued, _ = match.groups()
    position = Position(int(timeline), int(lsn, 16), "" if epoch == NO_EPOCH else epoch)
    return system, Token(position, int(issued, 16) / 1000)


def _is_signed(text: str, keys: Sequence[bytes]) -> bool:
    signed, _, mac = text.rpartition(".")
    return any(hmac.compare_digest(mac, _mac(signed, key)) for key in keys)


def _mac(text: str, key: bytes) -> str:
    digest = hmac.digest(key, text.encode(), "sha256")[:MAC_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@lru_cache(maxsize=16)
def _system(system_id: str) -> str:
    return hashlib.sha256(system_id.encode()).hexdigest()[:SYSTEM_DIGITS] if system_id else NO_SYSTEM
