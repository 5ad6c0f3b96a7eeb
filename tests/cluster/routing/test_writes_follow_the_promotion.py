"""After a failover writes go to the new primary, and nobody reads or writes on the old one."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import Error

from reliability.lab.cluster import Cluster
from reliability.routing import current, session
from reliability.routing.backend.commit import CommitUnknown, UnconfirmedCommit
from reliability.routing.session import RequestState
from tests.cluster.routing.conftest import Site, ready_site, site
from tests.waiting import wait_until

FIRST_WRITE_SECONDS = 5
"""1 s on a machine that is not busy with other tests."""


def write(here: Site, words: str, *, before_commit: Callable[[], object] = bool) -> RequestState:
    """Write as a request does: in a transaction."""
    state = RequestState()
    with session.request(state), here.using("default") as connection:
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO note (words) VALUES (%s)", [words])
        before_commit()
        connection.commit()
        connection.set_autocommit(True)
    return state


def promote_eu(nodes: Cluster) -> None:
    """Promote eu-1, and let ap-1 follow it."""
    nodes["eu-1"].promote()
    nodes.primary = nodes["eu-1"]
    nodes["eu-1"].keep_wal_for(nodes["ap-1"])
    nodes["ap-1"].follow(nodes["eu-1"])


def test_a_write_goes_to_the_new_primary_soon_after_it_is_writable(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster) as here:
        write(here, "before")
        broken_cluster.wait_until_caught_up()
        broken_cluster["us-1"].kill()
        promote_eu(broken_cluster)
        writable_at = time.monotonic()

        state = write(here, "after")

        assert time.monotonic() - writable_at < FIRST_WRITE_SECONDS
        assert here.node_of("default") == "eu-1"
        assert broken_cluster["eu-1"].value("SELECT count(*) FROM note") == 2
        assert state.commit is not None
        assert state.commit.timeline == 2


def test_a_connection_from_before_the_promotion_tells_no_position(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster, region="eu-west") as here, here.using("replica") as connection:
        connection.ensure_connection()
        assert connection.node is not None
        assert connection.node.name == "eu-1"
        assert connection.read_position() is not None

        broken_cluster["us-1"].kill()
        broken_cluster["eu-1"].promote()

        with pytest.raises(Error, match="eu-1 was promoted under a connection"):
            connection.read_position()


def test_an_old_primary_that_returns_is_neither_read_nor_written(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster, region="us-east") as here:
        broken_cluster["us-1"].kill()
        promote_eu(broken_cluster)
        here.wait_for(lambda snapshot: snapshot.primary == "eu-1")
        broken_cluster["us-1"].start()
        fenced = here.wait_for(lambda snapshot: snapshot.by_name["us-1"].is_fenced and snapshot.by_name["us-1"].is_up)

        write(here, "after")

        assert fenced.by_name["us-1"].reason.startswith("a former primary: timeline 1, eu-1 is on 2")
        assert here.node_of("default") == "eu-1"
        assert here.node_of("replica") != "us-1"
        assert broken_cluster["us-1"].value("SELECT count(*) FROM note") == 0


def test_a_frozen_primary_that_wakes_up_gets_nothing_from_us(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster) as here:
        write(here, "before")
        broken_cluster.wait_until_caught_up()
        broken_cluster["us-1"].hang()
        promote_eu(broken_cluster)
        here.wait_for(lambda snapshot: snapshot.primary == "eu-1")
        broken_cluster["us-1"].resume()
        here.wait_for(lambda snapshot: snapshot.by_name["us-1"].is_up)

        for number in range(20):
            write(here, f"after {number}")

        assert broken_cluster["us-1"].value("SELECT count(*) FROM note") == 1
        assert broken_cluster["eu-1"].value("SELECT count(*) FROM note") == 21


def test_a_process_that_starts_later_knows_the_old_primary_by_the_rows(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster):
        broken_cluster["us-1"].kill()
        promote_eu(broken_cluster)
        wait_until(lambda: current.snapshot().primary == "eu-1")
        broken_cluster["ap-1"].wait_for(broken_cluster["eu-1"].position())
        broken_cluster["us-1"].start()
    addresses = [node.application_url for node in broken_cluster if node.node != "us-1"]
    broken_cluster.primary = broken_cluster["us-1"]  # As the configuration still says.

    with site(broken_cluster, replicas=addresses) as late:
        assert late.node_of("default") == "eu-1"


def test_replicas_that_follow_the_old_primary_are_not_read(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster, region="ap-southeast") as here:
        broken_cluster["us-1"].hang()
        broken_cluster["eu-1"].promote()
        here.wait_for(lambda snapshot: snapshot.primary == "eu-1")
        broken_cluster["us-1"].resume()

        assert here.node_of("replica") == "eu-1"
        assert "has not seen the promotion" in current.snapshot().by_name["ap-1"].reason


def test_a_demotion_under_a_write_is_met_by_one_safe_repetition(broken_cluster: Cluster) -> None:
    """The server stays, and says 25006: the write runs again on the primary, before any probe has told of it."""
    with ready_site(broken_cluster) as here:
        state = RequestState()
        with session.request(state), here.using("default") as connection, connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
            cursor.execute("INSERT INTO note (words) VALUES ('again')")

        assert broken_cluster["us-1"].value("SELECT words FROM note") == "again"


def test_a_connection_that_is_lost_during_commit_leaves_the_outcome_unknown(broken_cluster: Cluster) -> None:
    broken_cluster["us-1"].configure({"synchronous_standby_names": "ANY 1 (*)"})
    with ready_site(broken_cluster) as here:
        unknown: list[Error] = []
        thread = _commit_without_a_standby(here, broken_cluster, unknown)
        wait_until(lambda: broken_cluster["us-1"].value(COMMITTING) == 1)

        broken_cluster["us-1"].kill()
        thread.join(20)

        assert [type(error) for error in unknown] == [CommitUnknown]


def test_a_commit_that_no_standby_confirmed_is_said_to_be_so(pg_cluster: Cluster) -> None:
    pg_cluster["us-1"].configure({"synchronous_standby_names": "ANY 1 (*)"})
    with ready_site(pg_cluster) as here:
        unknown: list[Error] = []
        thread = _commit_without_a_standby(here, pg_cluster, unknown)
        wait_until(lambda: pg_cluster["us-1"].value(COMMITTING) == 1)

        pg_cluster["us-1"].query("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        thread.join(20)

        assert [type(error) for error in unknown] == [UnconfirmedCommit]


def test_without_the_standbys_that_a_commit_waits_for_writes_are_closed(pg_cluster: Cluster) -> None:
    with ready_site(pg_cluster) as here:
        pg_cluster["us-1"].configure({"synchronous_standby_names": "ANY 1 (nobody)"})

        closed = here.wait_for(lambda snapshot: snapshot.mode == "read_only")

        assert closed.mode_reason == "no_sync_standby"
        assert here.value("SELECT count(*) FROM note", alias="default") == 0


def test_a_second_promotion_to_the_same_timeline_is_fenced(broken_cluster: Cluster) -> None:
    with ready_site(broken_cluster) as here:
        broken_cluster["us-1"].kill()
        broken_cluster["eu-1"].hang()
        broken_cluster["ap-1"].promote()
        here.wait_for(lambda snapshot: snapshot.primary == "ap-1")
        broken_cluster["ap-1"].hang()
        here.wait_for(lambda snapshot: not snapshot.by_name["ap-1"].is_up)
        broken_cluster["eu-1"].resume()
        broken_cluster["eu-1"].promote()

        # The other one is known to be the primary, and nobody has recorded this one: it does not count.
        alone = here.wait_for(lambda snapshot: snapshot.by_name["eu-1"].is_up and snapshot.by_name["eu-1"].is_writable)

        assert alone.primary is None
        assert alone.by_name["eu-1"].is_fenced


def _commit_without_a_standby(here: Site, nodes: Cluster, errors: list[Error]) -> threading.Thread:
    """Write in a thread, and let it commit when no standby can confirm; gives the thread, which waits for one.

    The write comes first: a site that has noticed it refuses a transaction that only begins. The standbys hang: were
    the primary told to wait for others, each of its processes would hear of that in its own time.
    """
    has_written, may_commit = threading.Event(), threading.Event()

    def tell_and_wait() -> None:
        has_written.set()
        may_commit.wait(20)

    def write_and_tell() -> None:
        try:
            write(here, "unconfirmed", before_commit=tell_and_wait)
        except Error as error:
            errors.append(error)

    thread = threading.Thread(target=write_and_tell)
    thread.start()
    assert has_written.wait(20)
    for standby in nodes.standbys:
        standby.hang()
    may_commit.set()
    return thread


COMMITTING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
