"""Readers and writers in threads of their own, as a site has them."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import Error

from tests.cluster.routing.conftest import Site


@dataclass
class Tally:
    """What the readers met."""

    reads: int = 0
    errors: list[str] = field(default_factory=list)
    slowest_seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, seconds: float, error: str | None) -> None:
        with self.lock:
            self.reads += 1
            self.slowest_seconds = max(self.slowest_seconds, seconds)
            if error is not None:
                self.errors.append(error)


@contextmanager
def readers(site: Site, *, count: int = 4, sql: str = "SELECT count(*) FROM note") -> Iterator[Tally]:
    """Read all the time until the block ends; then wait for the readers."""
    tally, is_over = Tally(), threading.Event()
    threads = [threading.Thread(target=_read, args=(site, sql, tally, is_over)) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield tally
    finally:
        is_over.set()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads), "a reader hangs"


def _read(site: Site, sql: str, tally: Tally, is_over: threading.Event) -> None:
    while not is_over.wait(0.002):
        began, error = time.monotonic(), None
        try:
            site.value(sql)
        except Error as failure:
            error = f"{type(failure).__name__}: {failure}"
        tally.note(time.monotonic() - began, error)
