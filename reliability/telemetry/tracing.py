"""Where do spans go? To a collector, over OTLP; with no address of one there is no provider, and nothing costs."""

from typing import Any

from reliability.telemetry.current import Work


def is_on() -> bool:
    """Tell whether this process makes spans."""
    return False


def enter(work: Work) -> object:
    """Let what a request calls know its trace."""
    return None


def leave(work: Work, context: object, *, method: str, status: int, seconds: float) -> None:
    """Undo `enter`."""


def note_query(sql: Any, *, seconds: float, alias: str, vendor: str, error: Exception | None) -> None:
    """Make the span of a query that has just ended, in a traced request or task."""


def middleware() -> Any:
    """Give the class of middleware that makes the span of a request."""
    raise NotImplementedError
