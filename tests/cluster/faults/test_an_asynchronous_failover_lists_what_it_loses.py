"""No standby confirms commits, and the primary dies while they are behind: what is lost is listed, and only that.

A survivor is listed too only where the position after its commit already held what others wrote at the moment of the
cut: at most one for each writer.
"""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from reliability.lab import checkers
from reliability.lab.cluster import Cluster
from reliability.lab.history import History, Kind, Outcome
from reliability.lab.promoter import LocalPromoter
from tests.cluster.faults.clients import TABLES, Client, Stop, running
from tests.cluster.faults.nodes import cut_off
from tests.cluster.routing.conftest import Site, ready_site
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.

WRITERS = 4
PEOPLE = 3
NUMBERS = 100_000
"""Of each writer, so that every number in the list is of one."""
UNLIMITED_READS = 10**9
WRITES = 20
"""In each part: before the cut, after it, and after the promotion."""


@pytest.fixture(autouse=True)
def _own_databases(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield


class Crowd:
    """Writers who add to the list, and people who write and read a number of their own."""

    def __init__(self, site: Site) -> None:
        self.history = History()
        stop = Stop(reads=UNLIMITED_READS)
        self.writers = [
            Client(site, f"writer-{number}", self.history, stop, number=number * NUMBERS) for number in range(WRITERS)
        ]
        self.people = [Client(site, f"person-{number}", self.history, stop) for number in range(PEOPLE)]

    def at_work(self) -> Any:
        """Let everybody go on where they were, during the block."""
        stop = Stop(reads=UNLIMITED_READS)
        for client in (*self.writers, *self.people):
            client.stop = stop
        return running(stop, *(writer.append for writer in self.writers), *(person.run for person in self.people))

    def acknowledged(self, *, node: str) -> set[int]:
        """Numbers of the list that this node acknowledged."""
        return {
            each.number
            for each in self.history
            if each.kind is Kind.APPEND and each.outcome is Outcome.OK and each.node == node
        }

    def wait_for_writes(self, *, node: str) -> None:
        """Wait until everybody has written to this node, some of them more often."""
        enough, began = len(self.acknowledged(node=node)) + WRITES, time.monotonic()
        names = {client.name for client in (*self.writers, *self.people)}
        wait_until(lambda: len(self.acknowledged(node=node)) >= enough and names <= self._who_wrote(node, began))

    def _who_wrote(self, node: str, since: float) -> set[str]:
        writes = (each for each in self.history if each.kind in (Kind.APPEND, Kind.WRITE))
        return {
            each.user for each in writes if each.outcome is Outcome.OK and each.node == node and each.started > since
        }


def listed(nodes: Cluster) -> set[int]:
    """Numbers of the list that `routing losses` names."""
    sql = "SELECT request_id FROM reliability_routing_lostwrite WHERE request_id LIKE 'writer-%%'"
    return {int(name.partition(":")[2]) for (name,) in nodes.primary.query(sql)}


@pytest.mark.parametrize("moment", ["quiet", "busy"])
def test_every_acknowledged_write_survives_or_is_listed(broken_cluster: Cluster, moment: str) -> None:
    nodes = broken_cluster
    with ready_site(nodes) as site:
        nodes.primary.query(TABLES)
        nodes.wait_until_caught_up()
        crowd = Crowd(site)
        with crowd.at_work():
            crowd.wait_for_writes(node="us-1")
            if moment == "busy":
                cut_off(nodes)
        if moment == "quiet":
            nodes.wait_until_caught_up()
            cut_off(nodes)

        with crowd.at_work():
            crowd.wait_for_writes(node="us-1")
            nodes["us-1"].kill()
            LocalPromoter(nodes).promote()
            crowd.wait_for_writes(node=nodes.primary.node)

        final = set(nodes.primary.value("SELECT array_agg(number) FROM entry"))
        lost = crowd.acknowledged(node="us-1") - final
        wait_until(lambda: lost <= listed(nodes), or_show=lambda: f"not listed: {sorted(lost - listed(nodes))}")

    too_much = listed_survivors(final, nodes)
    assert len(lost) >= WRITES
    assert crowd.acknowledged(node=nodes.primary.node) <= final
    assert len(too_much) == len({number // NUMBERS for number in too_much}) <= (0 if moment == "quiet" else WRITERS)
    assert_nobody_was_deceived(crowd)


def listed_survivors(final: set[int], nodes: Cluster) -> set[int]:
    return listed(nodes) & final


def assert_nobody_was_deceived(crowd: Crowd) -> None:
    """Each person was told once, was shown nothing less than what survived, and got every read answered."""
    forgiven = set().union(*(person.lost for person in crowd.people))
    assert [person.times_told for person in crowd.people] == [1] * PEOPLE
    assert checkers.stale_own_reads(crowd.history, lost=forgiven) == []
    assert checkers.backward_reads(crowd.history, lost=forgiven) == []
    assert checkers.availability(crowd.history, kinds=[Kind.READ]).failed == 0
