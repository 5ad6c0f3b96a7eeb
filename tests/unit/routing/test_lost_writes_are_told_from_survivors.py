"""Which acknowledged writes lie behind a fork, of this process and of an access log."""

import json

from reliability.routing.losses import About, Write, format_position, read_log, split
from reliability.routing.position import Position
from tests.unit.routing.answers import epoch

FIRST = epoch(1, "aaaa0000", "us-1")
SECOND = epoch(2, "bbbb0000", "eu-1", fork=900)


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
            "timestamp": 12.5,
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
