"""How is one node watched? It is asked again and again, by one connection and one statement."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import errors

from reliability.routing.asking import Connection, Identity, ask, connect
from reliability.routing.assessment import Sighting
from reliability.routing.driver_errors import first_line
from reliability.routing.epoch import EpochRecord
from reliability.routing.options import Options
from reliability.routing.probe_query import (
    BARE_COLUMNS,
    BARE_PROBE,
    BEAT,
    BEAT_SECONDS,
    PROBE,
    RECORD,
    Answer,
    parse,
)
from reliability.routing.topology import Address

FAST_SECONDS = 0.1
"""Pause after a refused connection, and between the probes that bring a node back."""
FIRST_CONNECT_SECONDS = 1.0
"""A node that never answered may be far away, or starting."""
RTT_FACTOR = 4.0
RENEW_SECONDS = 1.0
"""How often a node in doubt is connected to anew: its name may lead to another server by now."""
JITTER = 0.2
_dice = random.Random()
"""A generator of its own: the shared one is seeded by those who want the same numbers again."""
logger = logging.getLogger(__name__)


class Watcher:
    """Asks one node, and keeps what it said."""

    def __init__(self, address: Address, *, options: Options, database: str, tell: Callable[[], None]) -> None:
        self.address = address
        self.sighting = Sighting()
        self.wants_beat = False
        """It is the primary: its heartbeat is due each second."""
        self.is_in_doubt = False
        """Something was wrong with it, or there is no primary: who stands behind the address is looked up again."""
        self.to_record: EpochRecord | None = None
        self._options = options
        self._database = database
        self._tell = tell
        self._connection: Connection | None = None
        self._identity: Identity = ("", 0.0)
        self._connected_at = 0.0
        self._wake = asyncio.Event()
        self._falls = 0
        self._rises = 0
        self._rtt = 0.0
        self._beat_age = 0.0
        self._last_tables: Sequence[Any] = ()

    async def run(self) -> None:
        """Probe until canceled."""
        try:
            while True:
                pause = await self._round()
                self._tell()
                await self._sleep(0.0 if self.to_record is not None else pause)
        finally:
            await self._close()

    @property
    def was_asked(self) -> bool:
        return self._falls > 0 or self.sighting.answer is not None

    def look_now(self) -> None:
        """End the pause before the next probe, which trusts nothing. Belongs to the thread of the loop."""
        self.is_in_doubt = True
        self._wake.set()

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds * _dice.uniform(1 - JITTER, 1 + JITTER)):
                await self._wake.wait()
        except TimeoutError:
            pass
        self._wake.clear()

    async def _round(self) -> float:
        """Probe once and note what came of it; returns the pause before the next probe, in seconds."""
        try:
            answer = await self._probe()
        except (psycopg.Error, OSError, TimeoutError) as error:
            await self._close()
            return self._note_failure(error)
        if self.is_in_doubt and time.monotonic() - self._connected_at >= RENEW_SECONDS:
            await self._look_who_it_is()
        return self._note_answer(answer)

    async def _probe(self) -> Answer:
        if self._connection is None or self._connection.closed:
            self._connection, self._identity = await self._connect()
        await self._write_what_is_due()
        sent = time.monotonic()
        row = await self._ask_all()
        rtt = time.monotonic() - sent
        self._rtt = rtt if not self._rtt else 0.8 * self._rtt + 0.2 * rtt
        answer = parse(row, identity=self._identity, sampled_at=sent, rtt_seconds=self._rtt)
        self._beat_age = answer.rows.beat_age if answer.rows else 0.0
        return answer

    async def _ask_all(self) -> Any:
        """Ask with the tables; without them where they do not exist. Where they are locked, they have not changed."""
        try:
            row = await self._ask(PROBE, {"system_id": self._identity[0]})
        except errors.UndefinedTable:
            return await self._ask(BARE_PROBE)
        except errors.LockNotAvailable:
            return [*await self._ask(BARE_PROBE), *self._last_tables]
        self._last_tables = row[BARE_COLUMNS:]
        return row

    async def _write_what_is_due(self) -> None:
        """Write the heartbeat, or a new epoch. A server that refuses (a lock, a full disk) has answered: it is up."""
        try:
            if self.to_record is not None:
                record, self.to_record = self.to_record, None
                await self._ask(RECORD, {field: getattr(record, field) for field in record.__dataclass_fields__})
            elif self.wants_beat and self._beat_age >= BEAT_SECONDS:
                await self._ask(BEAT)
        except psycopg.Error as error:
            if error.sqlstate is None or self._connection is None or self._connection.closed:
                raise
            logger.debug("node %s refuses a row of routing: %s", self.address.name, first_line(error))

    async def _look_who_it_is(self) -> None:
        """Connect anew, and go on with the new connection when it leads to another server.

        The former one is kept until then: a server that gives no further connection is no dead one.
        """
        self.is_in_doubt = False
        try:
            connection, identity = await self._connect()
        except (psycopg.Error, OSError, TimeoutError) as error:
            logger.debug("node %s gives no further connection: %s", self.address.name, first_line(error))
            return
        if identity == self._identity:
            await connection.close()
            return
        logger.warning("node %s is another server, or was started again", self.address.name)
        await self._close()
        self._connection, self._identity = connection, identity
        self._wake.set()

    async def _connect(self) -> tuple[Connection, Identity]:
        """Connect, and read which server it is: behind a name that moves it may be another one each time."""
        self._connected_at = time.monotonic()
        patience = self._deadline if self.sighting.is_up else max(FIRST_CONNECT_SECONDS, self._deadline)
        return await connect(self.address, self._database, seconds=patience, deadline=self._deadline)

    @property
    def _deadline(self) -> float:
        return max(self._options.probe_deadline_seconds, RTT_FACTOR * self._rtt)

    async def _ask(self, sql: str, values: Any = None) -> Any:
        assert self._connection is not None, "it was connected before"
        return await ask(self._connection, sql, values, seconds=self._deadline)

    def _note_answer(self, answer: Answer) -> float:
        self._falls, self._rises = 0, self._rises + 1
        was_up, is_new = self.sighting.is_up, self.sighting.answer is None
        is_up = was_up or is_new or self._rises >= self._options.probe_rise
        self.sighting = Sighting(answer, is_up=is_up, reason="" if is_up else "coming back")
        if is_up and not was_up:
            logger.info("node %s answers (%s)", self.address.name, "standby" if answer.is_standby else "writable")
        return self._options.probe_interval_seconds if is_up else FAST_SECONDS

    def _note_failure(self, error: Exception) -> float:
        self._falls, self._rises = self._falls + 1, 0
        before, why = self.sighting, first_line(error)
        limit = self._options.probe_fall_primary if self._is_writable else self._options.probe_fall
        is_up = before.is_up and self._falls < limit
        self.sighting = Sighting(before.answer, is_up=is_up, reason=why)
        if (before.is_up and not is_up) or (not is_up and before.reason != why):
            logger.warning("node %s is down: %s", self.address.name, why)
        is_refused = not isinstance(error, TimeoutError)
        return FAST_SECONDS if is_refused and is_up else self._options.probe_interval_seconds

    @property
    def _is_writable(self) -> bool:
        return self.sighting.answer is not None and not self.sighting.answer.is_standby

    async def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
