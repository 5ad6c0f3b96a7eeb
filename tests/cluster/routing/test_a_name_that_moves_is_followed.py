"""A name leads to another server: the wrong one is neither written to nor taken for fresh, the right one is followed.

Each node is reached by a link, whose port stands for its name. As with DNS, connections that are there stay where they
are, and new ones go where the name leads now.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import Error

from reliability.lab.cluster import Cluster
from reliability.lab.links import Network, network
from reliability.routing import current, session
from reliability.routing.backend.pools import pools
from reliability.routing.position import Position
from reliability.routing.session import RequestState
from tests.cluster.routing.conftest import Site, make_tables, site
from tests.cluster.routing.test_writes_follow_the_promotion import promote_eu, write
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.


@pytest.fixture
def names() -> Iterator[Network]:
    with network() as links:
        yield links


@contextmanager
def named_site(nodes: Cluster, names: Network, *, region: str) -> Iterator[Site]:
    """Run a site that reaches each node by its name."""
    addresses = [node.described_url(port=names.open(target=node.port, name=node.node).port) for node in nodes]
    with site(nodes, region=region, primary=addresses[0], replicas=addresses[1:], write_hold_seconds=0.5) as here:
        make_tables(here)
        here.wait_for(lambda snapshot: len(snapshot.readable) == len(nodes.nodes) and snapshot.epoch is not None)
        yield here


def swap(nodes: Cluster, names: Network, one: str, other: str) -> None:
    names[one].lead_to(nodes[other].port)
    names[other].lead_to(nodes[one].port)


def forget_connections() -> None:
    """Have the next query connect, as a process does whose connections have grown old."""
    pools.close()


def count(here: Site, *, position: Position | None = None, level: session.Level = "session") -> tuple[int, str | None]:
    """Count the notes as a reader with this position; also tells what the reader is told."""
    state = RequestState(level=level, position=position)
    state.is_safe = True
    with session.request(state):
        alias = session.role_of_read(state)
        return here.value("SELECT count(*) FROM note", alias=alias), state.status


def wrote(here: Site, words: str) -> bool:
    """Try to write; a write that is refused is no error here."""
    try:
        write(here, words)
    except Error:
        return False
    return True


def test_a_reader_is_not_shown_less_when_the_name_of_the_primary_leads_to_a_standby(
    pg_cluster: Cluster, names: Network
) -> None:
    with named_site(pg_cluster, names, region="us-east") as here:
        pg_cluster["eu-1"].pause_replay()
        mine = write(here, "mine").commit
        pg_cluster["ap-1"].wait_for(pg_cluster.primary.position())
        names["us-1"].lead_to(pg_cluster["eu-1"].port)
        forget_connections()

        assert count(here, position=mine) == (1, None)


@pytest.mark.parametrize("level", ["session", "strong"])
def test_where_only_less_can_be_shown_the_reader_is_told(
    pg_cluster: Cluster, names: Network, level: session.Level
) -> None:
    with named_site(pg_cluster, names, region="us-east") as here:
        for standby in pg_cluster.standbys:
            standby.pause_replay()
        mine = write(here, "mine").commit
        names["us-1"].lead_to(pg_cluster["eu-1"].port)
        forget_connections()

        assert count(here, position=mine, level=level) == (0, "stale")


def test_writes_follow_when_the_names_of_primary_and_standby_are_swapped(pg_cluster: Cluster, names: Network) -> None:
    with named_site(pg_cluster, names, region="ap-southeast") as here:
        swap(pg_cluster, names, "us-1", "eu-1")
        forget_connections()

        wait_until(lambda: wrote(here, "after"), or_show=lambda: repr(current.snapshot()))

        assert here.wait_for(lambda snapshot: snapshot.primary == "eu-1").by_name["us-1"].is_writable is False
        assert pg_cluster.primary.value("SELECT count(*) FROM note") == 1


def test_a_name_that_leads_to_the_former_primary_gets_no_write_and_shows_nothing(
    broken_cluster: Cluster, names: Network
) -> None:
    nodes = broken_cluster
    with named_site(nodes, names, region="eu-west") as here:
        write(here, "before")
        nodes.wait_until_caught_up()
        nodes["us-1"].kill()
        promote_eu(nodes)
        here.wait_for(lambda snapshot: snapshot.primary == "eu-1")
        after = write(here, "after").commit
        nodes["ap-1"].wait_for(nodes.primary.position())
        nodes["us-1"].start()  # It takes writes, and knows nothing of the promotion.
        nodes["us-1"].query("INSERT INTO note (words) VALUES ('of the zombie'), ('of the zombie too')")
        names["eu-1"].lead_to(nodes["us-1"].port)
        forget_connections()

        wrong = [wrote(here, f"refused {number}") for number in range(3)]
        here.wait_for(lambda snapshot: snapshot.by_name["eu-1"].is_fenced)

        assert count(here, position=after) == (2, None)
        assert count(here) == (2, None)
        assert wrong == [False] * 3
        assert nodes["us-1"].value("SELECT count(*) FROM note WHERE words LIKE 'refused%%'") == 0

        names["eu-1"].lead_to(nodes["eu-1"].port)
        wait_until(lambda: wrote(here, "again"), or_show=lambda: repr(current.snapshot()))
        assert nodes["eu-1"].value("SELECT array_agg(words ORDER BY id) FROM note") == ["before", "after", "again"]


def test_the_name_of_the_former_primary_is_followed_to_the_new_one_while_the_former_still_answers(
    broken_cluster: Cluster, names: Network
) -> None:
    """The prober's own connection leads to the zombie, and would stay there as long as that one lives."""
    nodes = broken_cluster
    with named_site(nodes, names, region="us-east") as here:
        nodes["us-1"].hang()
        promote_eu(nodes)
        here.wait_for(lambda snapshot: snapshot.primary == "eu-1")
        nodes["us-1"].resume()
        here.wait_for(lambda snapshot: snapshot.by_name["us-1"].is_up and snapshot.by_name["us-1"].is_fenced)
        names["us-1"].lead_to(nodes["ap-1"].port)

        here.wait_for(lambda snapshot: snapshot.by_name["us-1"].is_readable)

        wait_until(lambda: here.node_of("replica") == "us-1")
        assert here.value("SELECT inet_server_port()") == nodes["ap-1"].port
