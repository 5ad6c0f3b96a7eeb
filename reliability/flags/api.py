"""What is a flag's answer here and now? The Python API: a name, the code's own default, and that is all."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from reliability.flags import process
from reliability.flags.context import SCOPE
from reliability.flags.counting import count
from reliability.flags.evaluator import Answer, ErrorCode, Reason
from reliability.flags.kill import ALL_KINDS, Kills
from reliability.flags.snapshot import Entry

T = TypeVar("T")
NOBODY: Mapping[str, Any] = {}
_forced: ContextVar[Mapping[str, Any] | None] = ContextVar("flags_forced", default=None)


class Details(NamedTuple):
    """An answer with its circumstances."""

    value: Any
    variant: str | None
    reason: Reason
    error_code: ErrorCode | None
    version: int
    is_stale: bool


class Declared(NamedTuple, Generic[T]):
    """A flag that the code asks for."""

    key: str
    default: T
    kind: str = "release"
    owner: str = ""
    expires: date | None = None
    description: str = ""

    def on(self, context: Mapping[str, Any] | None = None) -> bool:
        """Tell whether the feature is on for whoever asks."""
        return bool(get_answer(self.key, self.default, context).value)

    def value(self, context: Mapping[str, Any] | None = None) -> T:
        """Give the flag's value for whoever asks."""
        found: T = get_answer(self.key, self.default, context).value
        return found

    def variant(self, context: Mapping[str, Any] | None = None) -> str:
        """Give the name of the variant, "default" where the code decides; for ETags and cache keys."""
        return get_answer(self.key, self.default, context).variant or "default"


DECLARED: dict[str, Declared[Any]] = {}
"""Every flag that the code asks for, by key."""


def flag(
    key: str, *, default: T, kind: str = "release", owner: str = "", expires: str = "", description: str = ""
) -> Declared[T]:
    """Declare a flag that the code asks for; `expires` is the day (YYYY-MM-DD) by which it should be gone."""
    made = Declared(key, default, kind, owner, date.fromisoformat(expires) if expires else None, description)
    DECLARED[key] = made
    return made


def is_enabled(key: str, *, default: bool = False, context: Mapping[str, Any] | None = None) -> bool:
    """Tell whether a feature is on. Never raises; an unknown flag is the default, and counted."""
    return bool(get_answer(key, default, context).value)


def get_value(key: str, *, default: T, context: Mapping[str, Any] | None = None) -> T:
    """Give the value of a flag, of the default's type. Never raises."""
    found: T = get_answer(key, default, context).value
    return found


def details(key: str, *, default: Any, context: Mapping[str, Any] | None = None) -> Details:
    """Give value, variant, reason and error of a flag, and how current the flags are. Never raises."""
    answer, agent = get_answer(key, default, context), process.current()
    return Details(*answer, version=agent.holder.current.version, is_stale=agent.is_stale)


@contextmanager
def override_flag(key: str, value: Any) -> Iterator[None]:
    """Answer a flag with a value inside the block; for tests. Safe in threads, asynchronous code and parallel tests."""
    token = _forced.set({**(_forced.get() or {}), key: value})
    try:
        yield
    finally:
        _forced.reset(token)


def get_answer(key: str, default: Any, context: Mapping[str, Any] | None = None) -> Answer:
    """Answer: live kill, then test override, then the flag's rules, then the code's default."""
    agent = process.current()
    scope = SCOPE.get()
    if scope is None:
        snapshot = agent.holder.current
    else:
        snapshot = scope.snapshot = scope.snapshot or agent.holder.current
    entry = snapshot.entries.get(key)
    kills = agent.watch.current
    forced = _forced.get()
    if (kills or (entry is not None and entry.is_killed_here)) and (answer := _killed(key, entry, default, kills)):
        pass
    elif forced is not None and key in forced:
        answer = Answer(forced[key], None, Reason.STATIC)
    else:
        asked = context if context is not None else scope.context if scope is not None else NOBODY
        answer = snapshot.evaluate(key, default, asked)
    if scope is not None:
        scope.answers[key] = answer.variant
    count(key, answer, is_declared=key in DECLARED)
    return answer


def _killed(key: str, entry: Entry | None, default: Any, kills: Kills) -> Answer | None:
    """Answer with the kill variant when the flag is killed by any source; kills of files name theirs, or not."""
    if key in kills.variants:
        return entry.killed(default, kills.variants[key]) if entry else Answer(default, None, Reason.DISABLED)
    if entry is None:
        return None
    if (kills.is_all and entry.row.kind in ALL_KINDS) or entry.is_killed(time.time()):
        return entry.killed(default)
    return None
