"""Where do tests and the lab get a real PostgreSQL or Redis? Started here, on free loopback ports, and surely ended.

with postgres() as database, redis() as queue:
    print(database.url, queue.url)
"""

import atexit
import shutil
import signal
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import psycopg
import psycopg.sql
import redis as redis_client

from reliability.lab import processes
from reliability.lab.binaries import find_postgres, find_redis, postgres_user

START_SECONDS = 60
POLL_SECONDS = 0.02
ATTEMPTS = 3
"""A free port may be taken by another process before the server listens on it: then the next port is tried."""

POSTGRES_OPTIONS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "wal_level": "replica",
    "wal_log_hints": "on",
    "wal_keep_size": "256MB",
    "wal_sender_timeout": "2s",
    "wal_receiver_timeout": "2s",
    "wal_retrieve_retry_interval": "200ms",
    "max_standby_streaming_delay": "1s",
}


class ServerFailed(Exception):
    """A server did not start; the message ends with its log."""


class Server(ABC):
    """One server process with its folder. It may be started again after a stop, with the same data."""

    name: ClassVar[str]
    ends_by: ClassVar[signal.Signals] = signal.SIGTERM
    user: str | None = None

    def __init__(self, *, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or 0
        self._is_port_fixed = port is not None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str: ...

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises ServerFailed, with the end of the log, when it ends or does not answer within START_SECONDS.
        """
        attempts = 1 if self._is_port_fixed else ATTEMPTS
        for left in reversed(range(attempts)):
            if not self._is_port_fixed:
                self.port = processes.free_port()
            self._process = processes.spawn(self.command(), log=self.log, user=self.user, on_parent_death=self.ends_by)
            atexit.register(self.stop)
            if self._is_up_in_time():
                return
            self.stop()
            if not left:
                raise ServerFailed(f"{self.name} did not start on port {self.port}:\n{self._log_end()}")

    def stop(self) -> None:
        """End the server and wait until it is gone; nothing happens when it does not run."""
        atexit.unregister(self.stop)
        if self._process is not None:
            processes.end(self._process, by=self.ends_by)
            self._process = None

    @abstractmethod
    def command(self) -> list[str]:
        """Build the command line; it must stay in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Tell whether the server serves a request now."""

    def _is_up_in_time(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self.is_running and time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def _log_end(self) -> str:
        return self.log.read_text(errors="replace")[-2000:] if self.log.exists() else "(no log)"


class Postgres(Server):
    """A PostgreSQL server with a superuser and an empty database, both named `cms`."""

    name = "postgresql"
    ends_by = signal.SIGQUIT  # Immediate shutdown: clients need not be waited for, and no checkpoint is worth its time.
    database = "cms"

    def __init__(self, *, folder: Path, port: int | None = None, options: Mapping[str, str] | None = None) -> None:
        super().__init__(folder=folder, port=port)
        self.options = {**POSTGRES_OPTIONS, **(options or {})}
        self.binaries = find_postgres()
        self.user = postgres_user()
        self.data = folder / "data"

    @property
    def url(self) -> str:
        return self.url_of(self.database)

    def url_of(self, database: str) -> str:
        """Give the address of another database of this server."""
        return f"postgres://cms@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        """Make the data folder (`initdb`)."""
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        initdb = [str(self.binaries / "initdb"), "--no-sync", "-A", "trust", "-U", "cms", "-E", "UTF8"]
        processes.run([*initdb, "--locale=C.UTF-8", "-D", str(self.data)], user=self.user)

    def create_database(self, name: str) -> None:
        """Make an empty database on the running server."""
        with psycopg.connect(self.url_of("postgres"), autocommit=True) as connection:
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))

    def command(self) -> list[str]:
        settings = [f"--{name}={value}" for name, value in self.options.items()]
        return [str(self.binaries / "postgres"), "-D", str(self.data), f"--port={self.port}", *settings]

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url_of("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


class Redis(Server):
    """A Redis server that keeps everything in memory."""

    name = "redis"

    def __init__(self, *, folder: Path, port: int | None = None) -> None:
        super().__init__(folder=folder, port=port)
        self.binary = find_redis()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> list[str]:
        listen = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        return [str(self.binary), *listen, "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        try:
            with redis_client.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis_client.exceptions.RedisError:
            return False


@contextmanager
def postgres(*, options: Mapping[str, str] | None = None) -> Iterator[Postgres]:
    """Run a fresh PostgreSQL server with an empty database, and remove it with its data at the end.

    `options` are settings of postgresql.conf, such as {"fsync": "off"}.
    Raises BinaryMissing when PostgreSQL is not installed, ServerFailed when it does not start.
    """
    with temporary_folder("postgresql") as folder:
        server = Postgres(folder=folder, options=options)
        server.create()
        with running(server):
            server.create_database(server.database)
            yield server


@contextmanager
def redis() -> Iterator[Redis]:
    """Run a fresh, empty Redis server, and remove it at the end.

    Raises BinaryMissing when Redis is not installed, ServerFailed when it does not start.
    """
    with temporary_folder("redis") as folder:
        server = Redis(folder=folder)
        with running(server):
            yield server


@contextmanager
def temporary_folder(name: str) -> Iterator[Path]:
    """Give an empty folder, which only this user can read, and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"upgrade-cms-{name}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(server: Server) -> Iterator[None]:
    """Start a server, and stop it at the end. Raises ServerFailed."""
    try:
        server.start()
        yield
    finally:
        server.stop()
