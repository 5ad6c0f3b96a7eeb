"""Is this request traced? Decided once, before any work, from what it brought and one random number. Pure.

In this order: a signed wish (`X-Debug-Trace`), what a trusted caller decided, else a share of all traces.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

TRACEPARENT = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
"""W3C Trace Context: version, trace, parent, flags; later versions may add more."""
SHARE_BITS = 64
"""The lower bits of a trace id decide, as those of the SDK's own sampler do: all processes agree about a trace."""
SAMPLED = 1


@dataclass(frozen=True, slots=True)
class Parent:
    """What a caller says of the trace that this request belongs to."""

    trace_id: int
    span_id: int
    is_sampled: bool

    def header(self, *, is_sampled: bool) -> str:
        """Write it again, with our decision."""
        return f"00-{self.trace_id:032x}-{self.span_id:016x}-{int(is_sampled):02x}"


def parent_of(header: str | None) -> Parent | None:
    """Read a `traceparent` header; None: there is none, or it breaks the rules."""
    match = TRACEPARENT.fullmatch(header or "")
    if match is None:
        return None
    version, trace, span, flags, more = match.groups()
    if version == "ff" or (version == "00" and more) or not int(trace, 16) or not int(span, 16):
        return None
    return Parent(int(trace, 16), int(span, 16), bool(int(flags, 16) & SAMPLED))


def decide(trace_id: int, *, parent: Parent | None, is_wished: bool, ratio: float) -> bool:
    """Tell whether a request is traced."""
    if is_wished:
        return True
    return parent.is_sampled if parent is not None else is_in_share(trace_id, ratio)


def is_in_share(trace_id: int, ratio: float) -> bool:
    """Tell whether a trace belongs to the share; the same in every process."""
    return trace_id & ((1 << SHARE_BITS) - 1) < round(ratio * (1 << SHARE_BITS))


def sign_wish(*, until: int, key: str) -> str:
    """Write the value of `X-Debug-Trace` that holds until a second of the epoch."""
    return f"{until}.{_signature(until, key)}"


def is_wish(text: str | None, *, now: float, keys: Sequence[str]) -> bool:
    """Tell whether a value of `X-Debug-Trace` is signed by one of the keys, and not over yet."""
    until, _, signature = (text or "").partition(".")
    if not (until.isascii() and until.isdecimal() and len(until) <= 12) or int(until) < now:
        return False
    return any(hmac.compare_digest(signature.encode(), _signature(int(until), key).encode()) for key in keys)


def _signature(until: int, key: str) -> str:
    digest = hmac.digest(f"telemetry.debug-trace.{key}".encode(), str(until).encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest[:18]).decode()
