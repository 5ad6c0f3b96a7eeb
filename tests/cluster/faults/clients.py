"""Clients that write and read all the time, and note what they were told: through the backend, and naively."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import DatabaseError, InterfaceError

from reliability.lab.cluster import Cluster
from reliability.lab.history import History, Kind, Operation, Outcome
from reliability.routing import session
from reliability.routing.losses import About
from reliability.routing.position import Position, latest
from reliability.routing.session import RequestState
from tests.cluster.routing.conftest import Site

READS_PER_WRITE = 25
WRITE = "INSERT INTO register VALUES (%s, %s) ON CONFLICT (owner) DO UPDATE SET value = excluded.value"
READ = "SELECT coalesce((SELECT value FROM register WHERE owner = %s), 0)"
APPEND = "INSERT INTO entry (number) VALUES (%s)"
LIST = "SELECT coalesce(array_agg(number ORDER BY id), '{}') FROM entry"
TABLES = """
CREATE TABLE IF NOT EXISTS register (owner text PRIMARY KEY, value int NOT NULL);
CREATE TABLE IF NOT EXISTS entry (id serial PRIMARY KEY, number int NOT NULL)
"""


class Stop(threading.Event):
    """Set when the clients shall end; also when they have read enough."""

    def __init__(self, *, reads: int) -> None:
        super().__init__()
        self._left = reads
        self._lock = threading.Lock()

    def count_read(self) -> None:
        with self._lock:
            self._left -= 1

    @property
    def has_enough(self) -> bool:
        return self._left <= 0


@dataclass
class Client:
    """One person with a token: writes a number, and reads it again and again. One thread each."""

    site: Site
    name: str
    history: History
    stop: Stop
    lost: set[tuple[str, int]] = field(default_factory=set)
    """What this person was told to be lost."""
    times_told: int = 0
    """How often this person was told that something is lost."""
    position: Position | None = None
    number: int = 0

    def run(self) -> None:
        while not self.stop.is_set():
            self.number += 1
            self._write(WRITE, [self.name, self.number], Kind.WRITE)
            for turn in range(READS_PER_WRITE):
                if self.stop.is_set():
                    return
                self._read(READ, [self.name], Kind.READ)
                self.stop.count_read()
                if turn == 0 and self.number % 2 == 0:
                    self._read(LIST, [], Kind.LIST)

    def append(self) -> None:
        """Add to the list instead, a few times a second."""
        while not self.stop.wait(0.1):
            self.number += 1
            self._write(APPEND, [self.number], Kind.APPEND)

    def _write(self, sql: str, values: list[Any], kind: Kind) -> None:
        state, began, outcome = RequestState(position=self.position), time.monotonic(), Outcome.OK
        state.about = lambda: About(request_id=f"{self.name}:{self.number}", user=self.name)
        try:
            with session.request(state), self.site.using("default") as connection:
                connection.set_autocommit(False)
                with connection.cursor() as cursor:
                    cursor.execute(sql, values)
                connection.commit()
                connection.set_autocommit(True)
            if state.status == "lost":
                self._forget_what_is_lost(None, last=self.number - 1)
            self.position = latest((self.position, state.commit))
        except (DatabaseError, InterfaceError):
            outcome = Outcome.UNKNOWN
        self._note(kind, self.number, began, outcome, state.served_by)

    def _read(self, sql: str, values: list[Any], kind: Kind) -> None:
        state, began = RequestState(position=self.position, issued_at=time.time()), time.monotonic()
        state.is_safe = True
        value, outcome = None, Outcome.OK
        try:
            with session.request(state), self.site.using("replica") as connection, connection.cursor() as cursor:
                cursor.execute(sql, values)
                value = cursor.fetchone()[0]
                if state.status != "unknown":  # As the middleware: what became of the former one is still to be told.
                    self.position = latest((self.position, state.shown))
                    with suppress(DatabaseError, InterfaceError):  # A node that is gone tells none.
                        self.position = latest((self.position, connection.read_position()))
        except (DatabaseError, InterfaceError):
            outcome = Outcome.FAIL
        if state.status == "lost":
            self._forget_what_is_lost(value, last=self.number)
        elif state.status is not None and outcome is Outcome.OK:
            outcome = Outcome.MARKED
        self._note(kind, value, began, outcome, state.served_by)

    def _forget_what_is_lost(self, shown: int | None, *, last: int) -> None:
        self.times_told += 1
        self.lost |= {(self.name, number) for number in range((shown or 0) + 1, last + 1)}
        self.position = None

    def _note(self, kind: Kind, value: Any, began: float, outcome: Outcome, node: str | None) -> None:
        self.history.add(Operation(self.name, self.name, kind, value, began, time.monotonic(), outcome, node or "", ""))


@dataclass
class NaiveClient:
    """The same person without a token: reads from whichever standby comes first, as Django's documentation does."""

    nodes: Cluster
    name: str
    history: History
    stop: Stop
    number: int = 0

    def run(self) -> None:
        primary = psycopg.connect(self.nodes.primary.url, autocommit=True)
        standbys = [psycopg.connect(node.url, autocommit=True) for node in self.nodes.standbys]
        with primary, standbys[0], standbys[1]:
            while not self.stop.is_set():
                self.number += 1
                began = time.monotonic()
                primary.execute(WRITE, [self.name, self.number])
                self._note(Kind.WRITE, self.number, began)
                for _ in range(READS_PER_WRITE):
                    began = time.monotonic()
                    [(value,)] = random.choice(standbys).execute(READ, [self.name]).fetchall()
                    self._note(Kind.READ, value, began)
                    self.stop.count_read()

    def _note(self, kind: Kind, value: int, began: float) -> None:
        self.history.add(Operation(self.name, self.name, kind, value, began, time.monotonic(), Outcome.OK))


@contextmanager
def running(stop: Stop, *work: Callable[[], None]) -> Iterator[None]:
    """Run each work in a thread of its own during the block; a fault of one of them fails the block."""
    faults: list[BaseException] = []

    def guard(each: Callable[[], None]) -> None:
        try:
            each()
        except BaseException as error:  # noqa: BLE001  (re-raised below, where it can be seen)
            faults.append(error)
            stop.set()

    threads = [threading.Thread(target=guard, args=[each]) for each in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if faults:
        raise faults[0]
