"""What does this request know so far? One small object in a ContextVar, which the router reads for every query."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from typing import Any, NamedTuple

from reliability.routing.decision import LEVELS, PRIMARY, REPLICA, Level, Role
from reliability.routing.position import Position, later


class UnknownLevel(ValueError):
    """The consistency level is none of `eventual`, `session` and `strong`."""


class Served(NamedTuple):
    """Which node answers a request, and why that one."""

    node: str
    role: str
    """`primary` or `replica`: what the node is, not what was asked for."""
    reason: str


@dataclass(slots=True, eq=False, kw_only=True)
class RequestState:
    """State of one request, task or block. Not shared between threads."""

    level: Level = "session"
    position: Position | None = None
    """What its reader has seen before: every node that answers must have it."""
    issued_at: float = 0.0
    """When that was, in seconds since 1970; 0 without a position."""
    about: Callable[[], Any] | None = None
    """Tells what the request is (`losses.About`), asked after each commit; None: nobody knows."""
    is_pinned: bool = False
    """It wrote, or is about to: everything reads from the primary from now on."""
    in_transaction: bool = False
    """A transaction is open on `default`: reads must see what it wrote."""
    commit: Position | None = None
    """Highest position of what it wrote."""
    autocommit_wrote: bool = False
    """It wrote outside of a transaction: the position is asked for at its end."""
    has_committed: bool = False
    """A transaction with changes was committed: the view must not run a second time."""
    has_sent: bool = False
    """A task was sent or another effect happened, with the same consequence."""
    is_safe: bool = False
    """Its method promises to change nothing."""
    is_ambient: bool = False
    """It stands for no request, but for a transaction in a thread without one: it pins nothing."""
    shown: Position | None = None
    """Highest position that its reads have shown: a node that takes over must have it too."""
    node: str | None = None
    """Node that was chosen for `replica`; one for the whole request, so that its reads agree."""
    served: Served | None = None
    """Who answered the last query; None: no query ran."""
    status: str | None = None
    """`stale`, `lost` or `unknown` when the position could not be met, for X-Consistency-Status."""
    database_seconds: float = 0.0

    @property
    def has_written(self) -> bool:
        return self.commit is not None or self.autocommit_wrote

    @property
    def floor(self) -> Position | None:
        """What a node must have replayed to answer: what the reader has seen, before and in this request."""
        return self.shown if self.position is None else later(self.position, self.shown)

    @property
    def served_by(self) -> str | None:
        """Name of the node that answered the last query; None: no query ran."""
        return self.served.node if self.served is not None else None

    def pin(self) -> None:
        """Read from the primary for the rest of the request."""
        self.is_pinned = True

    def note_shown(self, position: Position) -> None:
        """Record how far the node was that answered a read."""
        self.shown = later(self.shown, position)

    def note_commit(self, position: Position) -> None:
        """Record the position after a commit."""
        self.commit = later(self.commit, position)
        self.has_committed = True


_state: ContextVar[RequestState | None] = ContextVar("routing_state", default=None)
current = _state.get
"""Give the state of this request; None: there is none. A bound method, for it is called with every query."""
_process_role: Role = PRIMARY


def process_role() -> Role:
    """Give the role of queries without a request state: `default` unless `set_process_role` said otherwise."""
    return _process_role


def set_process_role(role: Role) -> None:
    """Set the role of queries without a request state: `replica` in processes that serve, for background threads."""
    global _process_role
    _process_role = role


def begin(state: RequestState) -> Token[RequestState | None]:
    """Begin a request; a transaction that is open around it (in a test) stays known. End it with `end`."""
    outer = _state.get()
    if outer is not None:
        state.in_transaction = outer.in_transaction
    return _state.set(state)


end = _state.reset
"""End the request that `begin` gave this token for."""


@contextmanager
def request(state: RequestState) -> Iterator[RequestState]:
    """Run a block as a request of its own."""
    token = begin(state)
    try:
        yield state
    finally:
        end(token)


@contextmanager
def consistency(level: Level) -> Iterator[None]:
    """Read with this consistency inside the block, or the function that this decorates.

    `eventual`: any node. `session`: one that has what this reader has seen or written. `strong`: the primary. Inside a
    transaction, and after a write, reads stay on the primary whatever the level is. Raises UnknownLevel.
    """
    if level not in LEVELS:
        raise UnknownLevel(f"{level!r} is no consistency level; use one of: {', '.join(LEVELS)}.")
    state = _state.get()
    if state is None:
        with request(RequestState(level=level)):
            yield
        return
    before, state.level = state.level, level
    try:
        yield
    finally:
        state.level = before


def transaction_opened() -> None:
    """Record that a transaction was opened on `default`, also where there is no request: in a test, a thread."""
    state = _state.get()
    if state is None:
        state = _ambient()
        _state.set(state)
    state.in_transaction = True


def transaction_closed() -> None:
    """Record that it ended; nothing happens when none was open."""
    state = _state.get()
    if state is None:
        return
    state.in_transaction = False
    if state.is_ambient:
        _state.set(None)


def _ambient() -> RequestState:
    state = RequestState(level="strong" if _process_role == PRIMARY else "eventual")
    state.is_ambient = True
    return state


def reads_primary(state: RequestState) -> bool:
    """Tell whether reads of this request go to the primary, whatever they read."""
    return state.is_pinned or state.in_transaction or state.level == "strong"


def role_of_read(state: RequestState | None) -> Role:
    """Choose the role of a read, by the request alone."""
    if state is None:
        return _process_role
    return PRIMARY if reads_primary(state) else REPLICA
