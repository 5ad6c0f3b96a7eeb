"""How do bytes pass through a link? Two sockets, each of which writes what the other reads, late or not yet."""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable

RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER, on for 0 seconds: closing sends RST, and no FIN."""


class Pipe:
    """One connection through a link: `near` is the side that connected, `far` the server. One loop, no locks."""

    def __init__(
        self, *, latency: Callable[[], float], begun: Callable[["Pipe"], None], ended: Callable[["Pipe"], None]
    ) -> None:
        self.latency = latency
        self.begun = begun
        self.ended = ended
        self.is_held = False
        self.is_cut = False
        self.near, self.far = Side(self), Side(self)
        self.near.other, self.far.other = self.far, self.near

    def hold(self, *, is_held: bool) -> None:
        """Let nothing pass, in either direction, until called with False; the kernel keeps what arrives."""
        self.is_held = is_held
        for side in (self.near, self.far):
            side.deliver()
            side.read_or_not()

    def cut(self) -> None:
        """End both connections at once, with a reset; also the one to the server that is not made yet."""
        self.is_cut = True
        for side in (self.near, self.far):
            side.reset()


class Side(asyncio.Protocol):
    """One socket of a pipe, with what is to be written to it and when."""

    other: "Side"

    def __init__(self, pipe: Pipe) -> None:
        self.transport: asyncio.Transport | None = None
        self.is_lost = False
        self._pipe = pipe
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[float, bytes]] = deque()
        """(time of the loop, bytes), in order; no bytes: close."""
        self._is_full = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self._pipe.is_cut:
            self.reset()
            return
        if self is self._pipe.near:
            self._pipe.begun(self._pipe)
        self.deliver()
        self.read_or_not()
        self.other.read_or_not()

    def data_received(self, data: bytes) -> None:
        self.other.write(data)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_lost = True
        if self.other.transport is None or self.other.is_lost:
            self._pipe.ended(self._pipe)
        self.other.write(b"")

    def pause_writing(self) -> None:
        self._is_full = True
        self.other.read_or_not()

    def resume_writing(self) -> None:
        self._is_full = False
        self.other.read_or_not()

    def reset(self) -> None:
        """Close the socket with a reset, without what still waits."""
        if self.transport is None or self.is_lost:
            return
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self.transport.abort()

    def write(self, data: bytes) -> None:
        """Write after the latency of the link, and never before what came earlier."""
        due = self._loop.time() + self._pipe.latency() / 2
        if self._waiting:
            due = max(due, self._waiting[-1][0])
        self._waiting.append((due, data))
        self.deliver()

    def deliver(self) -> None:
        """Write what is due, and come back for the rest."""
        while self._waiting and self.transport is not None and not self._pipe.is_held:
            due, data = self._waiting[0]
            if due > self._loop.time():
                self._loop.call_at(due, self.deliver)
                return
            self._waiting.popleft()
            if data:
                self.transport.write(data)
            else:
                self.transport.close()

    def read_or_not(self) -> None:
        """Read only what can go on: not while held, before the other side is there, or while it is full."""
        if self.transport is None or self.transport.is_closing():
            return
        if self._pipe.is_held or self.other.transport is None or self.other._is_full:
            self.transport.pause_reading()
        else:
            self.transport.resume_reading()
