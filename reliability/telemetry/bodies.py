"""When is an answer over? When its body was sent, or given up: the end of a WSGI body, noticed. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any


def until_closed(body: Iterable[bytes], environ: dict[str, Any], done: Callable[[], None]) -> Iterable[bytes]:
    """Give a body such that `done` is called at its end; files stay what the server can send by itself."""
    noticed = _Body(body, done)
    wrapper: type[object] | None = environ.get("wsgi.file_wrapper")
    is_file = wrapper is not None and isinstance(body, wrapper)
    if not is_file:
        return noticed
    setattr(body, "close", noticed.close)  # noqa: B010  (an attribute that servers look for)
    return body


class _Body:
    """A body, and what to do at its end."""

    __slots__ = ("_body", "_close", "_done")

    def __init__(self, body: Iterable[bytes], done: Callable[[], None]) -> None:
        self._body, self._done = body, done
        self._close: Callable[[], object] | None = getattr(body, "close", None)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        try:
            if self._close is not None:
                self._close()
        finally:
            self._done()
