"""The servers that are compared: the product and its bare peers, all under the same gunicorn."""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.processes import cpu_seconds

ROOT = Path(__file__).resolve().parents[2]
WORKERS, THREADS = 2, 4
START_SECONDS = 60


@dataclass
class Served:
    """A running server: where it listens, and its first process."""

    name: str
    port: int
    pid: int


@contextmanager
def gunicorn(name: str, application: str, **environment: str) -> Iterator[Served]:
    """Serve an application with two workers of four threads on a free loopback port, until the end of the block."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS),
        "--threads", str(THREADS), "--worker-class", "gthread", "--log-level", "error", "--no-control-socket",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _wait(port, process)
        yield Served(name, port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def cpu_per_request(served: Served, paths: Sequence[str], requests: int, *database: int) -> float:
    """Send a bounded number of requests from four clients; gives microseconds of CPU of server and database each."""
    before = cpu_seconds(served.pid, *database)
    clients = [
        threading.Thread(target=_send, args=(served.port, paths, number, requests // THREADS))
        for number in range(THREADS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return (cpu_seconds(served.pid, *database) - before) / (requests // THREADS * THREADS) * 1e6


def read(served: Served, path: str) -> bytes:
    """Get one answer; anything but 200 is a fault of the benchmark."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{served.name} answered {answer.status} to {path}: {body[:300]!r}")
    connection.close()
    return body


def _send(port: int, paths: Sequence[str], first: int, count: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for number in range(count):
        connection.request("GET", paths[(first * 7 + number) % len(paths)])
        answer = connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status} to {paths[(first * 7 + number) % len(paths)]}")
    connection.close()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("gunicorn ended at once")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("gunicorn did not listen")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
