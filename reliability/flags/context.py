"""Who asks? The attributes of a request or task, worked out only when a rule reads them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from reliability.flags.snapshot import Snapshot

Provider = Callable[[Any], Any]


class Context(dict[str, Any]):
    """A mapping whose values are worked out when they are first read; rules use `get`, as of any dict."""

    __slots__ = ("_asker", "_providers", "read")

    def __init__(self, values: Mapping[str, Any], providers: Mapping[str, Provider], asker: Any) -> None:
        """`values` are known; each provider is given the asker, and tells one attribute more."""
        super().__init__(values)
        self._providers, self._asker = providers, asker
        self.read: set[str] = set()
        """Attributes that were asked for; what a page depends on."""

    def get(self, key: str, default: Any = None) -> Any:
        """Give an attribute, or the default where there is none."""
        self.read.add(key)
        if key in self:
            return super().get(key)
        provider = self._providers.get(key)
        if provider is None:
            return default
        value = self[key] = provider(self._asker)
        return default if value is None else value

    def complete(self) -> dict[str, Any]:
        """Work out everything; for what leaves the process, such as the headers of a task."""
        return {**self, **{name: self.get(name) for name in self._providers}}


class Scope:
    """What belongs to one request or task: its context, and the snapshot that it has seen first."""

    __slots__ = ("answers", "context", "snapshot")

    def __init__(self, context: Mapping[str, Any], snapshot: Snapshot | None = None) -> None:
        self.context = context
        self.snapshot = snapshot
        self.answers: dict[str, str | None] = {}
        """Variant by key of every flag that was asked; what an answer depends on."""


SCOPE: ContextVar[Scope | None] = ContextVar("flags_scope", default=None)


@contextmanager
def flags_context(context: Mapping[str, Any]) -> Iterator[Scope]:
    """Answer the questions inside for this context, from one snapshot."""
    scope = Scope(context)
    token = SCOPE.set(scope)
    try:
        yield scope
    finally:
        SCOPE.reset(token)
