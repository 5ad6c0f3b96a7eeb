"""How many requests does a process work on at once? As many as it has slots; a few wait a moment, the rest is told no.

A WSGI wrapper. The server needs more threads than there are slots (`capacity.threads`): a request that finds no thread
never gets here, and a probe neither.
"""

import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from prometheus_client import Counter, Gauge, Histogram

from reliability.limits.busy import page
from reliability.limits.capacity import room
from reliability.limits.deadline import deadline
from reliability.telemetry.bodies import until_closed
from reliability.telemetry.ledger import counted

WAIT_SHARE = 0.75
"""How long a request may wait for a slot, of the time that requests usually take. So nobody who is let in takes twice
as long, however many are outside; and a page with its pictures, a burst of short requests, is no overload."""
WAIT_SECONDS = (0.02, 0.25)
"""Least and most of that."""
USUAL_SECONDS, MEMORY = 0.1, 0.05
"""What is taken for usual at first, and how much of it each request replaces."""
RETRY_SECONDS = (1, 4)
"""Range of `Retry-After`: spread, so that those who were refused together do not come back together."""
UPLOAD_BYTES_PER_SECOND = 64 * 1024
"""Slowest upload that is waited for, on top of the deadline."""
STATUS = "503 Service Unavailable"
TITLE, DETAIL = "Busy", "All places for requests are taken. Try again in a few seconds; nothing was changed."

in_use = Gauge("limits_slots_in_use", "Requests that are worked on.", multiprocess_mode="livesum")
waited = Histogram("limits_slot_wait_seconds", "How long requests waited for a slot.", buckets=(0.001, 0.01, 0.05, 0.1))
refused = Counter("limits_slots_refused_total", "Requests refused because all slots were taken.", ["reason"])
_worked_on = counted(in_use)
Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Gate:
    """Lets `slots` in at once; some wait outside, in their order. Who leaves hands the slot to the first of them."""

    def __init__(self, slots: int) -> None:
        self.free = slots
        self.usual_seconds = USUAL_SECONDS
        self._room = room(slots)
        self._lock = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def patience_seconds(self) -> float:
        """How long a request may wait now."""
        least, most = WAIT_SECONDS
        return min(most, max(least, WAIT_SHARE * self.usual_seconds))

    def note(self, seconds: float) -> None:
        """Learn from a request how long they take."""
        self.usual_seconds += MEMORY * (seconds - self.usual_seconds)

    def enter(self, *, wait: float) -> str:
        """Take a slot, after at most `wait` seconds; returns why there is none: `full`, `late`, or nothing."""
        with self._lock:
            if self.free and not self._waiting:
                self.free -= 1
                return ""
            if not wait or len(self._waiting) >= self._room:
                return "full"
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        with waited.time():
            return self._wait(turn, wait)

    def _wait(self, turn: threading.Lock, wait: float) -> str:
        if turn.acquire(timeout=wait):
            return ""
        with self._lock:
            if turn not in self._waiting:
                return ""  # It was handed a slot just when its time was over.
            self._waiting.remove(turn)
            return "late"

    def leave(self) -> None:
        """Give the slot to whoever waits longest, or back."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self.free += 1


class Slots:
    """A WSGI application that lets `slots` requests at once into another one, each for at most `seconds`.

    `wait`: how long one may wait for a slot; None: as long as the gate has learned.
    """

    def __init__(self, application: Application, *, slots: int, seconds: float, wait: float | None = None) -> None:
        self.gate = Gate(slots)
        self._application = application
        self._seconds = seconds
        self._wait = wait

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        reason = self.gate.enter(wait=self.gate.patience_seconds if self._wait is None else self._wait)
        if reason:
            refused.labels(reason).inc()
            return _refuse(environ, start_response)
        stay, began = _Stay(self.gate, seconds=self._seconds + _upload_seconds(environ)), time.monotonic()
        try:
            body = self._application(environ, start_response)
        except BaseException:
            stay.end()
            raise
        self.gate.note(time.monotonic() - began)
        return until_closed(body, environ, stay.end)


class _Stay:
    """A request in its slot, until its answer is sent: it has a deadline meanwhile."""

    __slots__ = ("_deadline", "_gate", "_is_over")

    def __init__(self, gate: Gate, *, seconds: float) -> None:
        self._gate, self._is_over = gate, False
        self._deadline = deadline(seconds=seconds)
        self._deadline.__enter__()
        _worked_on.note()

    def end(self) -> None:
        """Leave the slot, once."""
        if self._is_over:
            return
        self._is_over = True
        self._deadline.__exit__(None, None, None)
        _worked_on.note(-1)
        self._gate.leave()


def _upload_seconds(environ: Environ) -> float:
    """Give the time that a caller may take to send the body: it is read while the request is worked on."""
    text = environ.get("CONTENT_LENGTH") or "0"
    return int(text) / UPLOAD_BYTES_PER_SECOND if text.isdecimal() else 0.0


def _refuse(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    is_page = "text/html" in environ.get("HTTP_ACCEPT", "")
    has_sent = environ.get("REQUEST_METHOD", "GET") not in ("GET", "HEAD")
    wished = environ.get("HTTP_ACCEPT_LANGUAGE", "")
    body = page(wished, has_sent=has_sent).encode() if is_page else _problem(environ)
    start_response(
        STATUS,
        [
            ("Content-Type", "text/html; charset=utf-8" if is_page else "application/problem+json"),
            ("Content-Length", str(len(body))),
            ("Retry-After", str(random.randint(*RETRY_SECONDS))),
            ("Cache-Control", "no-store"),
            *([("Content-Security-Policy", "default-src 'none'")] if is_page else []),
        ],
    )
    return [body]


def _problem(environ: Environ) -> bytes:
    path = environ.get("PATH_INFO", "/").encode("latin-1", "replace").decode("utf-8", "replace")
    problem = {"type": "/problems/busy", "title": TITLE, "status": 503, "detail": DETAIL, "instance": path}
    return json.dumps(problem).encode()
