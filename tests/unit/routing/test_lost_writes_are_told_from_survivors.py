"""Which acknowledged writes lie behind a fork, of this process and of an access log."""

import json
import queue
from collections.abc import Iterator, Sequence

import pytest

from reliability.routing import losses, snapshots
from reliability.routing.losses import About, Write, format_position, read_log, split
from reliability.routing.position import Position
from tests.unit.routing.answers import epoch
from tests.unit.routing.samples import FIRST as OF_US
from tests.unit.routing.samples import SECOND as OF_EU
from tests.unit.routing.samples import node, primary, snapshot

FIRST = epoch(1, "aaaa0000", "us-1")
SECOND = epoch(2, "bbbb0000", "eu-1", fork=900)


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> Iterator["queue.Queue[Sequence[Write]]"]:
    """Give what is reported as lost, as it comes."""
    told: queue.Queue[Sequence[Write]] = queue.Queue()
    monkeypatch.setattr(losses, "_report", told.put)
    losses.forget()
    yield told
    losses.forget()
    snapshots.forget()


def write(timeline: int, lsn: int, mark: str) -> Write:
    return Write(Position(timeline, lsn, mark), 0.0)


def test_a_write_above_the_fork_is_lost() -> None:
    before, above, after = write(1, 900, "aaaa"), write(1, 901, "aaaa"), write(2, 1000, "bbbb")

    lost, others = split([before, above, after], [FIRST, SECOND])

    assert (lost, others) == ([above], [before, after])


def test_a_write_of_another_promotion_to_the_same_timeline_is_lost() -> None:
    rival = write(2, 1000, "cccc")

    lost, _ = split([rival], [FIRST, SECOND])

    assert lost == [rival]


def test_a_log_gives_back_what_it_was_given() -> None:
    position = Position(2, 0x3000148, "bbbb")
    line = json.dumps(
        {
            "commit_position": format_position(position),
            "time": "1970-01-01T00:00:12.500Z",
            "request_id": "r1",
            "user": "ada",
            "route": "documents",
        }
    )

    [found] = read_log([line])

    assert found == Write(position, 12.5, About("r1", "ada", "documents"))


def test_other_lines_of_a_log_are_passed_over() -> None:
    lines = ["", "not JSON", "[]", "{}", '{"commit_position": null}', '{"commit_position": "x-y.z"}']

    assert list(read_log(lines)) == []


def test_a_write_that_is_confirmed_after_the_promotion_was_seen_is_reported_too(
    reported: "queue.Queue[Sequence[Write]]",
) -> None:
    moved = {"timeline": 2, "epoch_id": OF_EU.epoch_id}
    snapshots.publish(snapshot(primary("us-1"), node("eu-1"), epochs=(OF_US,)))
    snapshots.publish(snapshot(node("us-1", is_up=False), primary("eu-1", **moved), epochs=(OF_US, OF_EU)))

    losses.acknowledge(Position(1, OF_EU.fork_lsn, OF_US.mark))
    losses.acknowledge(Position(1, OF_EU.fork_lsn + 1, OF_US.mark))
    losses.acknowledge(Position(2, OF_EU.fork_lsn + 1, OF_EU.mark))

    [lost] = reported.get(timeout=10)
    assert lost.position.lsn == OF_EU.fork_lsn + 1
    assert lost.position.timeline == 1
    assert reported.empty()
