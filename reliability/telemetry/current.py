"""Which request or task is this thread working on? What logs, metrics and spans need to know of it."""

import os
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from random import Random
from typing import Any

UNMATCHED = "_unmatched"
"""Route of what no address of the site took: static files, unknown hosts, requests refused before any view."""


@dataclass(slots=True)
class Work:
    """One request, or one task, from its beginning to its end. Only its own thread changes it."""

    trace_id: int
    """128 random bits, or those of a caller that is trusted."""
    request_id: str
    """What people quote when they report an error: the trace, unless a trusted proxy gave it a name."""
    is_sampled: bool = False
    span_id: int = 0
    """Of the span that stands for the whole; 0 while it has none."""
    route: str = UNMATCHED
    is_instrumented: bool = False
    """The instrumentation of Django makes its span."""
    hides_path: bool = False
    """The path itself is a secret, such as the link that sets a password: it is written nowhere."""
    queries: int = 0
    database_seconds: float = 0.0
    began: float = field(default_factory=time.perf_counter)
    fields: dict[str, Any] = field(default_factory=dict)
    """What capabilities add to the access line."""

    @property
    def trace(self) -> str:
        return f"{self.trace_id:032x}"

    @property
    def span(self) -> str:
        return f"{self.span_id:016x}" if self.span_id else ""


_work: ContextVar[Work | None] = ContextVar("telemetry_work", default=None)
_dice = Random()
"""Ids need no secrecy, and this costs a fifth of what the system's dice cost. Seeded anew in each child."""
os.register_at_fork(after_in_child=_dice.seed)

current = _work.get
begin = _work.set


def end() -> None:
    """Forget the work that `begin` announced."""
    _work.set(None)


def request_id() -> str:
    """Give the id that error pages show; empty outside of requests and tasks."""
    work = _work.get()
    return work.request_id if work is not None else ""


def note(**fields: Any) -> None:
    """Add fields to the access line of this request; nothing happens outside of one."""
    work = _work.get()
    if work is not None:
        work.fields.update(fields)


def new_trace_id() -> int:
    """Draw the id of a trace; never 0, which means none."""
    return _dice.getrandbits(128) or 1


def new_span_id() -> int:
    """Draw the id of a span; never 0, which means none."""
    return _dice.getrandbits(64) or 1
