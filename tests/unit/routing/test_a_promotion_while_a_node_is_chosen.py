"""A node is promoted while a connection for a reader is chosen: what it shows is another history, and she is told."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from reliability.routing import snapshots
from reliability.routing.backend import freshest, reading
from reliability.routing.backend.connection import Identity
from reliability.routing.position import Position
from reliability.routing.session import RequestState
from reliability.routing.topology import Node
from tests.unit.routing.samples import FIRST, SECOND, SYSTEM, node, primary, snapshot

LOST = Position(1, SECOND.fork_lsn + 500, "aaaa")
"""Behind the fork: the node that was promoted never had it."""
LATE = {"staleness_seconds": 10.0}
BEFORE = snapshot(primary(is_up=False), node("eu-1", **LATE), node("ap-1", **LATE), primary=None)
PROMOTED = primary("eu-1", timeline=2, epoch_id=SECOND.epoch_id, lsn=SECOND.fork_lsn + 900)
AFTER = snapshot(primary(is_up=False), PROMOTED, node("ap-1", **LATE), epochs=(FIRST, SECOND), primary="eu-1")
Leases = Callable[[int], None]


@pytest.fixture
def promoted_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Leases]:
    """Have the promotion be noticed while this lease is taken, counted from 1."""
    taken: list[str] = []

    def begin(number: int) -> None:
        def lease(chosen: Node, *args: Any, reason: str, **more: Any) -> Any:
            taken.append(chosen.name)
            if len(taken) == number:
                snapshots.publish(AFTER)
            identity = Identity(SYSTEM, is_in_recovery=False, started_at=100.0, timeline=2, epoch_id=SECOND.epoch_id)
            connection = SimpleNamespace(identity=identity)
            return SimpleNamespace(connection=connection, node=chosen, reason=reason, end=lambda **told: None)

        monkeypatch.setattr(reading, "lease", lease)
        monkeypatch.setattr(freshest, "lease", lease)

    snapshots.publish(BEFORE)
    yield begin
    snapshots.forget()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_its_reader_is_told_of_the_loss_and_not_of_a_delay(promoted_at: Leases, number: int) -> None:
    promoted_at(number)
    state = RequestState(position=LOST)

    reading.take_readable(BEFORE, state, pool_of=lambda *args: None, without=frozenset(), is_last=False)  # type: ignore[arg-type,return-value]

    assert state.status == "lost"


def test_a_reader_who_meets_no_promotion_is_told_of_the_delay(promoted_at: Leases) -> None:
    promoted_at(0)
    state = RequestState(position=LOST)

    reading.take_readable(BEFORE, state, pool_of=lambda *args: None, without=frozenset(), is_last=False)  # type: ignore[arg-type,return-value]

    assert state.status == "stale"
