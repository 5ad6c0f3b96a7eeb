"""A link slows, silences and breaks the connections that pass through it, at once and only those."""

import socket
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest

from reliability.lab import processes
from reliability.lab.cluster import Cluster
from reliability.lab.links import Link, Network, network
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They use no database of the project's: once is enough.

NEVER_SECONDS = 0.3
"""How long a test listens to silence."""


@pytest.fixture
def links() -> Iterator[Network]:
    with network() as links:
        yield links


class Echo(socketserver.BaseRequestHandler):
    """Send back what comes."""

    def handle(self) -> None:
        with suppress(ConnectionError):
            while data := self.request.recv(65_536):
                self.request.sendall(data)


@pytest.fixture
def echo_port() -> Iterator[int]:
    """Give the port of a server that sends back what it gets."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=[0.02])
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def echo(links: Network, echo_port: int) -> Link:
    return links.open(target=echo_port, name="echo")


def test_a_link_passes_everything_on_in_both_directions(echo: Link) -> None:
    sent = bytes(range(256)) * 20_000  # More than the buffers on the way hold.
    with _connect(echo) as client:
        client.setblocking(True)
        got = bytearray()
        for start in range(0, len(sent), 65_536):
            client.sendall(sent[start : start + 65_536])
            while len(got) < min(start + 65_536, len(sent)):
                got += client.recv(65_536)

    assert got == sent


def test_latency_is_added_to_a_round_trip_and_keeps_the_order(echo: Link) -> None:
    with _connect(echo) as client:
        echo.delay(seconds=0.2)
        began = time.monotonic()
        client.sendall(b"slow")
        first = _receive(client, 4)
        took = time.monotonic() - began
        client.sendall(b"one")
        echo.delay(seconds=0)
        client.sendall(b"two")

        assert first == b"slow"
        assert took >= 0.2
        assert _receive(client, 6) == b"onetwo"


def test_a_black_hole_is_silent_and_gives_everything_back_when_healed(echo: Link) -> None:
    with _connect(echo) as client:
        assert _ask(client, b"before") == b"before"
        echo.blackhole()

        client.sendall(b"into the dark")
        with pytest.raises(TimeoutError):
            client.recv(1)
        with _connect(echo) as late, pytest.raises(TimeoutError):
            _ask(late, b"x")

        echo.heal()
        assert _receive(client, 13) == b"into the dark"


def test_refusal_cuts_what_is_open_and_refuses_what_is_new(echo: Link) -> None:
    with _connect(echo) as client:
        _ask(client, b"before")
        echo.refuse()

        with pytest.raises(ConnectionResetError):
            _ask(client, b"after")
    with pytest.raises(ConnectionRefusedError):
        _connect(echo)

    echo.heal()
    with _connect(echo) as client:
        assert _ask(client, b"again") == b"again"


def test_reset_cuts_what_is_open_and_what_is_new(echo: Link) -> None:
    with _connect(echo) as client:
        _ask(client, b"before")
        echo.reset()

        with pytest.raises(ConnectionResetError):
            _ask(client, b"after")
    with pytest.raises(ConnectionError), _connect(echo) as client:
        _ask(client, b"new")


def test_one_link_leaves_the_others_alone(links: Network, echo_port: int) -> None:
    cut, whole = links.open(target=echo_port, name="cut"), links.open(target=echo_port, name="whole")

    cut.blackhole()

    with _connect(whole) as client:
        assert _ask(client, b"hello") == b"hello"


def test_a_link_refuses_while_its_target_does(links: Network) -> None:
    target = processes.lasting_port()
    link = links.open(target=target)
    with pytest.raises(ConnectionError), _connect(link) as client:
        _ask(client, b"first")

    wait_until(lambda: not _accepts(link))
    with socket.create_server(("127.0.0.1", target)):
        wait_until(lambda: _accepts(link))


def test_an_end_is_passed_on(echo: Link) -> None:
    with _connect(echo) as client:
        _ask(client, b"hello")

    wait_until(lambda: echo.connections == 0)


def test_postgres_does_not_notice_a_link(pg_cluster: Cluster, links: Network) -> None:
    link = links.open(target=pg_cluster["eu-1"].port)
    url = pg_cluster["eu-1"].described_url(port=link.port).partition("?")[0]

    with psycopg.connect(url, connect_timeout=2) as connection:
        assert connection.execute("SELECT count(*) FROM generate_series(1, 100000)").fetchone() == (100_000,)
        link.refuse()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def _connect(link: Link) -> socket.socket:
    return socket.create_connection(("127.0.0.1", link.port), timeout=NEVER_SECONDS)


def _ask(client: socket.socket, data: bytes) -> bytes:
    client.sendall(data)
    return _receive(client, len(data))


def _receive(client: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = client.recv(size - len(data))
        if not part:
            raise ConnectionResetError("The other side closed the connection.")
        data += part
    return data


def _accepts(link: Link) -> bool:
    try:
        _connect(link).close()
    except ConnectionRefusedError:
        return False
    return True
