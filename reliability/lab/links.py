"""How does the network between two processes become slow, silent or broken? By a TCP proxy that does as it is told.

with network() as links:
    link = links.open(target=server.port)
    connect(port=link.port)
    link.blackhole()
"""

import asyncio
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TypeVar

from reliability.lab import processes
from reliability.lab.pipe import Pipe

ORDER_SECONDS = 10
"""How long the loop may take to carry out an order; it is done in milliseconds."""
PROBE_SECONDS = 0.05
"""How often a link whose target refuses looks whether it is back."""
CONNECT_SECONDS = 2

Result = TypeVar("Result")


class Mode(StrEnum):
    """What a link does with connections."""

    OPEN = "open"
    BLACKHOLE = "blackhole"
    """Connections are accepted and stay open, and nothing passes, as behind a broken switch."""
    REFUSE = "refuse"
    """Connections are cut (RST) and nobody listens, as after the death of a process."""
    RESET = "reset"
    """Connections are cut (RST), and so is each new one once it is accepted, as by a firewall."""


class Link:
    """One way into a server: whoever connects to `port` reaches `target`. Thread-safe; orders hold on return.

    While the target refuses connections, so does the link: nobody can tell it from the server itself.
    """

    def __init__(self, *, name: str, target: int, loop: asyncio.AbstractEventLoop) -> None:
        self.name = name
        self.target = target
        self.port = processes.lasting_port()
        self.mode = Mode.OPEN
        self.latency_seconds = 0.0
        self._loop = loop
        self._pipes: set[Pipe] = set()
        self._listener: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None
        """Waits for the target to come back."""

    def __repr__(self) -> str:
        return f"<Link {self.name} {self.mode}>"

    def delay(self, *, seconds: float) -> None:
        """Add `seconds` to each round trip, in both directions together; 0 ends it."""
        self.latency_seconds = seconds

    def blackhole(self) -> None:
        """Let nothing pass, and tell nobody. What was on its way arrives after `heal`."""
        self._order(Mode.BLACKHOLE)

    def refuse(self) -> None:
        """Cut all connections and refuse new ones."""
        self._order(Mode.REFUSE)

    def reset(self) -> None:
        """Cut all connections, and each new one once it is accepted."""
        self._order(Mode.RESET)

    def heal(self) -> None:
        """Let everything pass again, at once."""
        self.latency_seconds = 0.0
        self._order(Mode.OPEN)

    def lead_to(self, target: int) -> None:
        """Lead new connections to another port, as a name does that moves; those that are there stay where they are."""
        self.target = target

    @property
    def connections(self) -> int:
        """How many connections pass through now."""
        return len(self._pipes)

    def _order(self, mode: Mode) -> None:
        _carry_out(self._loop, self.turn(mode))

    async def turn(self, mode: Mode) -> None:
        """Change to `mode`; on the loop's thread."""
        self.mode = mode
        for pipe in list(self._pipes):
            if mode in {Mode.REFUSE, Mode.RESET}:
                pipe.cut()
            else:
                pipe.hold(is_held=mode is Mode.BLACKHOLE)
        self._listen_or_not()

    async def close(self) -> None:
        """Cut everything and stop listening; on the loop's thread."""
        await self.turn(Mode.REFUSE)
        while self._tasks or self._pipes:
            if self._watch is not None:
                self._watch.cancel()
            await asyncio.sleep(0.001)

    def _listen_or_not(self) -> None:
        # Not by asyncio's own server: of Python 3.11, it forgets what it accepted when it closes meanwhile.
        should = self.mode is not Mode.REFUSE and self._watch is None
        if should and self._listener is None:
            self._listener = socket.create_server(("127.0.0.1", self.port))
            self._listener.setblocking(False)
            self._loop.add_reader(self._listener, self._take, self._listener)
        elif not should and self._listener is not None:
            self._loop.remove_reader(self._listener)
            self._listener.close()
            self._listener = None

    def _take(self, listener: socket.socket) -> None:
        try:
            client, _ = listener.accept()
        except OSError:
            return  # It left again before it was taken.
        self._start(self._accept(client))

    async def _accept(self, client: socket.socket) -> None:
        pipe = Pipe(latency=lambda: self.latency_seconds, begun=self._begin, ended=self._pipes.discard)
        self._pipes.add(pipe)
        client.setblocking(False)
        await self._loop.connect_accepted_socket(lambda: pipe.near, client)

    def _begin(self, pipe: Pipe) -> None:
        if self.mode in {Mode.REFUSE, Mode.RESET}:
            pipe.cut()
            return
        pipe.hold(is_held=self.mode is Mode.BLACKHOLE)
        self._start(self._join(pipe))

    async def _join(self, pipe: Pipe) -> None:
        try:
            await asyncio.wait_for(
                self._loop.create_connection(lambda: pipe.far, "127.0.0.1", self.target), CONNECT_SECONDS
            )
        except (OSError, TimeoutError):
            pipe.cut()
            if self._watch is None:
                self._watch = self._start(self._wait_for_target())
                self._listen_or_not()

    async def _wait_for_target(self) -> None:
        while not await _listens(self.target):
            await asyncio.sleep(PROBE_SECONDS)
        self._watch = None
        self._listen_or_not()

    def _start(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


class Network:
    """All links of one process, carried by one thread with one loop."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="links", daemon=True)
        self._thread.start()

    def __getitem__(self, name: str) -> Link:
        return self.links[name]

    def open(self, *, target: int, name: str = "") -> Link:
        """Open a link to the port `target` of 127.0.0.1; `name` finds it again."""
        link = Link(name=name or f"{len(self.links)}", target=target, loop=self._loop)
        _carry_out(self._loop, link.turn(Mode.OPEN))
        self.links[link.name] = link
        return link

    def close(self) -> None:
        """Cut all links and end the thread."""
        for link in self.links.values():
            _carry_out(self._loop, link.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(ORDER_SECONDS)
        self._loop.close()


@contextmanager
def network() -> Iterator[Network]:
    """Give an empty network, and cut all its links at the end."""
    links = Network()
    try:
        yield links
    finally:
        links.close()


def _carry_out(loop: asyncio.AbstractEventLoop, order: Coroutine[None, None, Result]) -> Result:
    return asyncio.run_coroutine_threadsafe(order, loop).result(ORDER_SECONDS)


async def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(probe, ("127.0.0.1", port))
        except OSError:
            return False
    return True
