"""Does a task see what the request that sent it has written? The position travels in a header of the task.

    app = Celery("site", task_cls="reliability.routing.celery:RoutedTask")

    @app.task(consistency="delayed")

`session` (the default) waits up to a second for a near node to show the position, and goes to the primary else;
`delayed` comes back once, when it should be there; `strong` reads from the primary.
"""

import time
import warnings
from typing import Any, Literal

from celery.contrib.django.task import DjangoTask
from celery.signals import before_task_publish, worker_init
from django.conf import settings
from django.db import connections

from reliability.routing import carrying, current, prober, session, snapshots
from reliability.routing.decision import PRIMARY, REPLICA
from reliability.routing.position import Position, latest
from reliability.routing.session import RequestState
from reliability.routing.token import Token
from reliability.routing.topology import Snapshot

HEADER = "consistency_token"
WAIT_SECONDS = 1.0
DELAY_SECONDS = (1, 60)
"""Least and longest pause of a `delayed` task."""
TaskConsistency = Literal["session", "delayed", "strong"]


class SentInsideTransaction(RuntimeWarning):
    """A task was sent inside a transaction: it may run before the commit, or although there is none."""


class RoutedTask(DjangoTask):  # type: ignore[type-arg]  # generic for the type checker only
    """A task that reads at least what its sender had written."""

    abstract = True
    consistency: TaskConsistency = "session"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        # Called directly or eagerly it is part of the request around it, and shares its state.
        if REPLICA not in settings.DATABASES or self.request.called_directly or self.request.is_eager:
            return super().__call__(*args, **kwargs)
        prober.ensure_started(database=str(connections[PRIMARY].settings_dict["NAME"]))
        token = carrying.read(getattr(self.request, HEADER, None), current.snapshot(), now=time.time())
        state = RequestState(
            level="strong" if self.consistency == "strong" else "session",
            position=token.position if token else None,
            issued_at=token.issued_at if token else 0.0,
        )
        if token is not None and self.consistency != "strong" and not self._is_there(token):
            state.pin()
        with session.request(state):
            return super().__call__(*args, **kwargs)

    def _is_there(self, token: Token) -> bool:
        """Wait for the position, or come back for it; False: read from the primary. Raises Retry."""
        if _wait_for(token.position, seconds=0.0 if self.consistency == "delayed" else WAIT_SECONDS):
            return True
        if self.consistency == "delayed" and not self.request.retries:
            raise self.retry(countdown=_delay_seconds(current.snapshot()), max_retries=1)
        return False


@worker_init.connect
def _read_from_replicas(**kwargs: Any) -> None:
    """Let the background threads of a worker read from replicas; its tasks have a state of their own."""
    session.set_process_role(REPLICA)


@before_task_publish.connect
def _send_position(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """Put the position of what was written into the header of a task that is sent."""
    if headers is None or REPLICA not in settings.DATABASES:
        return
    if _is_in_transaction():
        warnings.warn("A task was sent inside a transaction; use delay_on_commit.", SentInsideTransaction, stacklevel=4)
    state = session.current()
    if state is not None:
        state.has_sent = True
    if (position := _position_to_send(state)) is not None:
        headers[HEADER] = carrying.write(position, current.snapshot(), now=time.time())


def _position_to_send(state: RequestState | None) -> Position | None:
    """What was written counts; a sender that wrote nothing passes on what it has seen. Without a request: ask."""
    if state is None or state.is_ambient or state.autocommit_wrote:
        asked = carrying.position_now(PRIMARY)
        return latest((asked, state.commit)) if state is not None else asked
    return state.commit or state.floor


def _is_in_transaction() -> bool:
    """A transaction that the tests put around everything does not count."""
    blocks = connections[PRIMARY].atomic_blocks
    return any(not getattr(block, "_from_testcase", False) for block in blocks)


def _wait_for(position: Position, *, seconds: float) -> bool:
    """Wait until the nearest node that may answer shows the position."""
    region = current.options().region

    def is_there(snapshot: Snapshot) -> bool:
        near = [node for node in snapshot.readable if node.region == region] or list(snapshot.readable)
        return any(node.lsn >= position.lsn for node in near)

    return is_there(snapshots.wait_until(is_there, seconds=seconds))


def _delay_seconds(snapshot: Snapshot) -> float:
    """Come back when the nearest node should be there: as far behind as it is now, and a second."""
    region = current.options().region
    lags = [node.staleness_seconds for node in snapshot.readable if node.region == region]
    least, longest = DELAY_SECONDS
    return min(longest, least + min(lags, default=float(least)))
