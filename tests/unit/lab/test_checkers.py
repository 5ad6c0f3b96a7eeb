"""Each checker finds the operation that broke its promise, and only that."""

from pathlib import Path

from reliability.lab import checkers
from reliability.lab.history import History, Kind, Operation, Outcome, load, save


def test_a_read_that_misses_an_own_acknowledged_write_is_stale() -> None:
    write = _operation(Kind.WRITE, 2, started=1.0)
    stale, fresh = _operation(Kind.READ, 1, started=2.0), _operation(Kind.READ, 2, started=3.0)

    assert checkers.stale_own_reads([write, stale, fresh]) == [stale]


def test_a_read_of_nothing_after_a_write_is_stale() -> None:
    write, read = _operation(Kind.WRITE, 1, started=1.0), _operation(Kind.READ, None, started=2.0)

    assert checkers.stale_own_reads([write, read]) == [read]


def test_a_read_owes_nothing_to_writes_that_others_made_or_that_ended_later_or_failed_or_are_reported_lost() -> None:
    read = _operation(Kind.READ, 1, started=2.0)
    others = [
        _operation(Kind.WRITE, 9, started=1.0, user="ben"),
        _operation(Kind.WRITE, 2, started=1.95),
        _operation(Kind.WRITE, 3, started=1.0, outcome=Outcome.FAIL),
        _operation(Kind.WRITE, 4, started=1.0, outcome=Outcome.UNKNOWN),
        _operation(Kind.WRITE, 5, started=1.0),
    ]

    assert checkers.stale_own_reads([*others, read], lost=[("ada", 5)]) == []


def test_a_read_that_shows_less_than_an_earlier_one_goes_backward() -> None:
    reads = [_operation(Kind.READ, value, started=at) for value, at in ((1, 1.0), (3, 2.0), (2, 3.0), (3, 4.0))]

    assert checkers.backward_reads(reads) == [reads[2]]


def test_reads_at_the_same_time_may_differ() -> None:
    newer, older = _operation(Kind.READ, 3, started=1.0), _operation(Kind.READ, 2, started=1.05)

    assert checkers.backward_reads([newer, older]) == []


def test_a_list_that_is_no_beginning_of_the_final_one_shows_a_fork() -> None:
    good = _operation(Kind.LIST, [1, 2], started=1.0)
    forked = _operation(Kind.LIST, [1, 4], started=2.0)

    assert checkers.forked_lists([good, forked], final=[1, 2, 3]) == [forked]


def test_an_acknowledged_write_must_exist_or_be_reported() -> None:
    history = [
        _operation(Kind.APPEND, 1, started=1.0),
        _operation(Kind.APPEND, 2, started=2.0),
        _operation(Kind.APPEND, 3, started=3.0),
        _operation(Kind.APPEND, 4, started=4.0, outcome=Outcome.UNKNOWN),
    ]

    assert checkers.vanished_writes(history, final=[1], reported=[2]) == {3}


def test_a_fenced_node_acknowledges_no_write() -> None:
    history = [
        _operation(Kind.WRITE, 1, started=1.0, node="us-1"),
        _operation(Kind.WRITE, 2, started=3.0, node="us-1"),
        _operation(Kind.WRITE, 3, started=3.0, node="eu-1"),
        _operation(Kind.READ, 1, started=3.0, node="us-1"),
    ]

    assert checkers.writes_of_a_zombie(history, node="us-1", since=2.0) == [history[1]]


def test_availability_counts_failures_and_finds_the_longest_gap() -> None:
    history = [
        _operation(Kind.READ, 1, started=0.0),
        _operation(Kind.READ, 1, started=5.0, outcome=Outcome.FAIL),
        _operation(Kind.READ, 1, started=8.0),
        _operation(Kind.READ, 1, started=9.0),
        _operation(Kind.WRITE, 1, started=99.0, outcome=Outcome.FAIL),
    ]

    result = checkers.availability(history, kinds=[Kind.READ])

    assert (result.total, result.failed, result.percent) == (4, 1, 75.0)
    assert round(result.longest_gap_seconds, 3) == 8.0
    assert round(result.slowest_seconds, 3) == 0.1


def test_a_history_is_the_same_after_saving(tmp_path: Path) -> None:
    history = History()
    history.add(_operation(Kind.WRITE, 1, started=1.0, node="us-1"))
    history.add(_operation(Kind.LIST, [1, 2], started=1.0, outcome=Outcome.UNKNOWN))

    save(history, path=tmp_path / "history.jsonl")

    assert load(tmp_path / "history.jsonl") == list(history)


def _operation(
    kind: Kind,
    value: int | list[int] | None,
    *,
    started: float,
    user: str = "ada",
    outcome: Outcome = Outcome.OK,
    node: str = "",
) -> Operation:
    """Give an operation that took 0.1 s."""
    return Operation("one", user, kind, value, started, started + 0.1, outcome, node)
