"""Replay gets in the way of a read on a standby: by a lock, or by rows that are removed."""

import threading

import psycopg

from reliability.lab.cluster import Cluster
from tests.cluster.routing.conftest import Site
from tests.waiting import wait_until


def test_a_read_behind_replayed_ddl_runs_on_another_node(eu_site: Site, pg_cluster: Cluster) -> None:
    standby = pg_cluster["eu-1"]
    pg_cluster["ap-1"].pause_replay()  # There the lock is never taken.
    with psycopg.connect(pg_cluster["us-1"].url) as ddl, standby.connect() as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM note")
        standby.query("ALTER SYSTEM SET max_standby_streaming_delay = -1")
        standby.query("SELECT pg_reload_conf()")
        ddl.execute("ALTER TABLE note ADD COLUMN later int")
        ddl.commit()
        # Replay waits for the reader's lock; a newcomer waits behind replay.
        wait_until(lambda: standby.value(WAITING_REPLAY) == 1)

        assert eu_site.value("SELECT count(*) FROM note") == 0

        reader.execute("ROLLBACK")
    standby.query("ALTER SYSTEM RESET max_standby_streaming_delay")
    standby.query("SELECT pg_reload_conf()")
    pg_cluster["us-1"].query("ALTER TABLE note DROP COLUMN later")


def test_a_read_that_replay_cancels_runs_on_another_node(eu_site: Site, pg_cluster: Cluster) -> None:
    results: list[object] = []
    primary = pg_cluster["us-1"]
    primary.query("INSERT INTO note (words) SELECT 'row ' || n FROM generate_series(1, 100) AS n")
    pg_cluster.wait_until_caught_up()
    # Long on the standby, which says that it is one; elsewhere it is over at once.
    slow = "SELECT count(*) FROM note, pg_sleep(CASE WHEN inet_server_port() = {port} THEN 20 ELSE 0 END)"
    thread = threading.Thread(target=lambda: results.append(eu_site.value(slow.format(port=pg_cluster["eu-1"].port))))
    thread.start()
    wait_until(lambda: pg_cluster["eu-1"].value(SLEEPING) == 1)

    primary.query("TRUNCATE note")
    thread.join(30)

    assert results in ([0], [100])


WAITING_REPLAY = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"
SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
