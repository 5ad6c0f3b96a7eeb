"""Which connections are in use, and how does a thread that waits on a hung node get free?

A query on a hung server never returns: timeouts are kept by the server, keepalives are answered by its kernel. Shutting
the socket from another thread ends the wait within milliseconds.
"""

import os
import socket
import threading
from collections import defaultdict


class Line:
    """A second descriptor of a connection's socket, which stays ours until nobody holds this object.

    The connection closes its own descriptor when it likes, and the number is given to the next file that is opened;
    shutting it down from another thread could then hit a stranger.
    """

    __slots__ = ("_descriptor",)

    def __init__(self, descriptor: int) -> None:
        self._descriptor = os.dup(descriptor)

    def cut(self) -> None:
        """Shut the socket in both directions: whoever waits on it gets an end of file."""
        twin = socket.socket(fileno=self._descriptor)
        try:
            twin.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # It is not connected any more: nobody waits on it.
        finally:
            twin.detach()

    def __del__(self) -> None:
        if hasattr(self, "_descriptor"):
            os.close(self._descriptor)


class InFlight:
    """The lines in use by node. Register, unregister and cut hold one lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: defaultdict[str, set[Line]] = defaultdict(set)

    def register(self, line: Line, *, node: str) -> None:
        """Note that a thread uses this line to a node."""
        with self._lock:
            self._lines[node].add(line)

    def unregister(self, line: Line, *, node: str) -> None:
        """Note that nobody uses it any more; it will not be cut."""
        with self._lock:
            self._lines[node].discard(line)

    def cut(self, node: str) -> int:
        """Shut every line in use to a node; returns how many."""
        with self._lock:
            lines = self._lines.pop(node, set())
            for line in lines:
                line.cut()
        return len(lines)

    def count(self, node: str) -> int:
        """Count the lines in use to a node."""
        with self._lock:
            return len(self._lines[node])
