"""Test servers start for real, and nothing of them stays, however their owner ends."""

import shutil
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest
from redis import Redis as RedisClient

from reliability.lab import processes
from reliability.lab.servers import Postgres, ServerFailed, postgres, redis
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They use no database of the project's: once is enough.

OWNER = """
    import time
    from reliability.lab.servers import postgres, redis
    with postgres() as database, redis() as queue:
        print(database.pid, queue.pid, database.folder, queue.folder, flush=True)
        time.sleep(600)
"""


def test_postgres_serves_queries_and_leaves_neither_process_nor_folder() -> None:
    with postgres() as server:
        with psycopg.connect(server.url) as connection:
            row = connection.execute("SELECT current_database(), current_user").fetchone()
        pid, folder = server.pid, server.folder

    assert row == ("cms", "cms")
    assert not _exists(pid)
    assert not folder.exists()


def test_postgres_takes_options() -> None:
    with postgres(options={"max_connections": "7"}) as server, psycopg.connect(server.url) as connection:
        row = connection.execute("SHOW max_connections").fetchone()

    assert row == ("7",)


def test_postgres_listens_on_loopback_tcp_only() -> None:
    with postgres() as server, psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT current_setting('listen_addresses'), current_setting('unix_socket_directories')"
        ).fetchone()

    assert row == ("127.0.0.1", "")


def test_postgres_keeps_its_data_over_a_restart() -> None:
    with postgres() as server:
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")

        server.stop()
        server.start()

        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (42,)


def test_a_server_that_cannot_start_shows_its_log() -> None:
    with pytest.raises(ServerFailed, match="no_such_setting"), postgres(options={"no_such_setting": "1"}):
        pytest.fail("It started.")


def test_a_fixed_port_is_kept(tmp_path: Path) -> None:
    with postgres() as server:
        taken = Postgres(folder=tmp_path, port=server.port)

        assert taken.url == server.url
        assert not processes.is_port_free(server.port)


def test_redis_answers_and_ends() -> None:
    with redis() as server:
        with RedisClient.from_url(server.url) as client:
            client.set("greeting", "hello")
            value = client.get("greeting")
        pid = server.pid

    assert value == b"hello"
    assert not _exists(pid)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_servers_end_with_their_owner(number: signal.Signals) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OWNER)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert owner.stdout is not None
    with owner:
        words = owner.stdout.readline().split()
        pids = [int(word) for word in words[:2]]
        family = [pid for server in pids for pid in [server, *_children(server)]]

        owner.send_signal(number)
        owner.wait()

    assert len(family) > len(pids)
    wait_until(lambda: not any(_exists(pid) for pid in family))
    for folder in words[2:]:  # A killed owner cannot remove them.
        shutil.rmtree(folder, ignore_errors=True)


def _exists(pid: int | None) -> bool:
    """Tell whether a process runs; one that has ended and only waits to be collected does not."""
    try:
        return pid is not None and " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
