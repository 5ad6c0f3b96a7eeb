"""Connections in use are cut from another thread; others are left alone."""

import os
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from reliability.routing.backend.inflight import InFlight, Line

WAIT_SECONDS = 5


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Give the two ends of a connection on which nobody ever says anything, as with a hung server."""
    ours, theirs = socket.socketpair()
    ours.settimeout(WAIT_SECONDS)
    with ours, theirs:
        yield ours, theirs


def test_a_thread_that_waits_gets_the_end_of_file(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    in_flight, line = InFlight(), Line(ours.fileno())
    in_flight.register(line, node="eu-1")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ours.recv, 1)
        count = in_flight.cut("eu-1")

        assert (count, waiting.result(WAIT_SECONDS)) == (1, b"")


def test_connections_of_other_nodes_stay(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    in_flight, line = InFlight(), Line(ours.fileno())
    in_flight.register(line, node="eu-1")

    count = in_flight.cut("us-1")
    theirs.send(b"x")

    assert (count, ours.recv(1)) == (0, b"x")


def test_a_connection_that_was_given_back_stays(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    in_flight, line = InFlight(), Line(ours.fileno())
    in_flight.register(line, node="eu-1")
    in_flight.unregister(line, node="eu-1")

    count = in_flight.cut("eu-1")
    theirs.send(b"x")

    assert (count, ours.recv(1)) == (0, b"x")


def test_a_stranger_that_got_the_same_descriptor_is_never_cut() -> None:
    ours, theirs = socket.socketpair()
    in_flight, line = InFlight(), Line(ours.fileno())
    in_flight.register(line, node="eu-1")
    descriptor = ours.detach()
    os.close(descriptor)
    stranger, friend = socket.socketpair()
    with theirs, stranger, friend:
        assert descriptor in (stranger.fileno(), friend.fileno())

        in_flight.cut("eu-1")
        friend.send(b"x")

        assert stranger.recv(1) == b"x"


def test_a_line_closes_its_descriptor_when_nobody_holds_it() -> None:
    ours, theirs = socket.socketpair()
    line = Line(ours.fileno())
    ours.close()
    with theirs:
        theirs.settimeout(WAIT_SECONDS)

        del line

        assert theirs.recv(1) == b""
