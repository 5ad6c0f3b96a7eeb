"""People see their own writes, and time does not run backwards, while standbys lag, die and hang and a primary dies.

Each part reads thousands of times and is checked as a whole; the naive router fails the same check beside it.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from reliability.lab import checkers
from reliability.lab.checkers import Availability
from reliability.lab.cluster import Cluster
from reliability.lab.history import History, Kind, Outcome
from reliability.lab.node import Node
from reliability.lab.promoter import LocalPromoter, record_epoch
from reliability.routing.backend.pools import pools
from tests.cluster.faults.clients import TABLES, Client, NaiveClient, Stop, running
from tests.cluster.routing.conftest import Site, ready_site

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.

PEOPLE = 4
READS = 7_500
"""For each of seven parts: more than 50 000 in all."""
NAIVE_READS = 1_000
LIMIT_SECONDS = 100
SLOWEST_READ_SECONDS = 2.5


@pytest.fixture(autouse=True)
def _own_databases(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def show(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Print a line of the table of results, whether or not output is captured."""

    def line(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="", flush=True)

    return line


@pytest.mark.parametrize("seconds", [0, 0.2, 3, 20])
def test_nobody_misses_an_own_write_at_any_lag(
    pg_cluster: Cluster, seconds: float, show: Callable[[str], None]
) -> None:
    with ready_site(pg_cluster) as site:
        _make_tables(pg_cluster)
        for standby in pg_cluster.standbys:
            standby.delay(seconds=seconds)
        naive = _naive_share(pg_cluster)

        people, history = _load(site)

    _report(show, f"lag {seconds:g} s", people, history, naive=naive)
    _check(people, history)
    assert naive > 1 or seconds == 0, "The checker finds nothing where it must."
    assert _reads(history).failed == 0


@pytest.mark.parametrize("fault", ["kill", "hang"])
def test_no_reader_notices_that_the_standby_of_the_region_is_gone(
    pg_cluster: Cluster, fault: str, show: Callable[[str], None]
) -> None:
    with ready_site(pg_cluster) as site:
        _make_tables(pg_cluster)

        people, history = _load(site, during=lambda: getattr(pg_cluster["eu-1"], fault)())
        pools.close()

    _report(show, f"standby: {fault}", people, history)
    _check(people, history)
    assert _reads(history).failed == 0
    assert _reads(history).slowest_seconds <= SLOWEST_READ_SECONDS


def test_a_failover_loses_no_confirmed_write_and_shows_nobody_less_than_before(
    broken_cluster: Cluster, show: Callable[[str], None]
) -> None:
    nodes = broken_cluster
    with ready_site(nodes) as site:
        _make_tables(nodes)
        nodes.primary.configure({"synchronous_standby_names": "ANY 1 (*)"})
        promoted: list[float] = []

        def record(node: Node) -> None:
            promoted.append(time.monotonic())
            record_epoch(node)

        def fail_over() -> None:
            nodes["us-1"].kill()
            time.sleep(1)  # So long the primary is gone before somebody promotes another.
            LocalPromoter(nodes, quorum=1, record=record).promote()

        people, history = _load(site, during=fail_over)
        final = nodes.primary.value("SELECT array_agg(number ORDER BY id) FROM entry")

    first_write = min(each.ended for each in history if _is_new_write(each, promoted[0]))
    _report(show, f"failover ({first_write - promoted[0]:.2f} s to a write)", people, history)
    _check(people, history)
    assert checkers.vanished_writes(history, final=final) == set()
    assert checkers.forked_lists(history, final=final) == []
    assert checkers.writes_of_a_zombie(history, node="us-1", since=promoted[0]) == []
    assert first_write - promoted[0] <= 3
    assert _reads(history).failed == 0


def _is_new_write(operation: Any, promoted: float) -> bool:
    return operation.kind is Kind.WRITE and operation.outcome is Outcome.OK and operation.ended > promoted


def _make_tables(nodes: Cluster) -> None:
    nodes.primary.query(TABLES)
    nodes.wait_until_caught_up()


def _load(site: Site, *, during: Callable[[], None] | None = None) -> tuple[list[Client], History]:
    """Let people write and read until they have read enough; `during` happens after a third of it."""
    history, stop = History(), Stop(reads=READS)
    people = [Client(site, f"person-{number}", history, stop) for number in range(PEOPLE)]
    writer = Client(site, "list-writer", history, stop)
    deadline = time.monotonic() + LIMIT_SECONDS
    with running(stop, *(person.run for person in people), writer.append):
        while not stop.has_enough and not stop.is_set():
            assert time.monotonic() < deadline, f"{len(history)} operations in {LIMIT_SECONDS} s"
            if during is not None and len(history) > READS / 3:
                during()
                during = None
            stop.wait(0.05)
    return people, history


def _naive_share(nodes: Cluster) -> float:
    """Measure which percentage of reads is stale with a router that takes any standby."""
    history, stop = History(), Stop(reads=NAIVE_READS)
    people = [NaiveClient(nodes, f"naive-{number}", history, stop) for number in range(PEOPLE)]
    with running(stop, *(person.run for person in people)):
        while not stop.has_enough and not stop.is_set():
            stop.wait(0.02)
    reads = _reads(history).total
    return 100 * len(checkers.stale_own_reads(history)) / reads


def _reads(history: History) -> Availability:
    return checkers.availability(history, kinds=[Kind.READ])


def _check(people: list[Client], history: History) -> None:
    lost = set().union(*(person.lost for person in people))
    assert _reads(history).total >= READS
    assert checkers.stale_own_reads(history, lost=lost) == []
    assert checkers.backward_reads(history, lost=lost) == []


def _report(
    show: Callable[[str], None], name: str, people: list[Client], history: History, *, naive: float | None = None
) -> None:
    reads = _reads(history)
    lost = set().union(*(person.lost for person in people))
    stale = len(checkers.stale_own_reads(history, lost=lost))
    marked = sum(each.outcome is Outcome.MARKED for each in history)
    here = sum(each.node == "eu-1" for each in history if each.kind is Kind.READ)
    show(
        f"{name:<32} reads {reads.total:>6}  stale {stale:>3}  marked {marked:>4}  errors {reads.failed:>3}"
        f"  local {100 * here / reads.total:5.1f} %  slowest {reads.slowest_seconds:5.2f} s"
        + (f"  naive router: {naive:5.1f} % stale" if naive is not None else "")
    )
