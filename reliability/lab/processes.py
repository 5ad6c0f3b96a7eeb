"""How does a server process start, on which port, as whom, and how does it end for sure?"""

import ctypes
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

STOP_SECONDS = 10
"""How long a process may take to end before it is killed."""
LASTING_PORTS = range(20_000, 30_000)
"""Ports below those that the kernel gives to outgoing connections (32768 on Linux, 49152 elsewhere)."""
SITE_PORTS = range(12_000, 20_000)
"""Others, for servers that have to be told their ports before nodes and links take theirs."""
PR_SET_PDEATHSIG = 1
"""Linux, prctl(2): the signal that the kernel sends to a process when its parent dies."""


class CommandFailed(Exception):
    """A program that was run to its end failed; the message has its name and the end of its output."""


def free_port() -> int:
    """Find a TCP port of 127.0.0.1 that nobody listens on; another process may still take it before you do."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def lasting_port() -> int:
    """Find a free port that stays free while its server is down: no outgoing connection is ever given it."""
    tries = random.sample(LASTING_PORTS, k=100)
    return next(port for port in tries if is_port_free(port))


def ports_in_a_row(count: int) -> int:
    """Find the first of as many free ports that follow each other."""
    tries = random.sample(SITE_PORTS[::count], k=100)
    return next(port for port in tries if all(is_port_free(port + number) for number in range(count)))


def is_port_free(port: int) -> bool:
    """Tell whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as listener:
        # As servers do: connections of a former server that linger in TIME_WAIT do not count.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def spawn(
    command: list[str],
    *,
    log: Path,
    user: str | None = None,
    on_parent_death: signal.Signals = signal.SIGKILL,
    environment: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a server in its own session, with its output in `log`, as `user` (None: the current one).

    It gets `environment` beside PATH, and nothing else of ours.

    On Linux the kernel sends it `on_parent_death` when the thread that called this ends, even by kill -9;
    so call it from a thread that lives as long as the server should.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={**_environment(), **(environment or {})},
            start_new_session=True,
            preexec_fn=_die_with_parent(on_parent_death),
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )


def run(command: list[str], *, user: str | None = None, environment: Mapping[str, str] | None = None) -> None:
    """Run a command to its end, as `user`, with `environment` beside PATH. Raises CommandFailed."""
    result = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        cwd="/",
        env={**_environment(), **(environment or {})},
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    if result.returncode:
        raise CommandFailed(f"{Path(command[0]).name} failed ({result.returncode}):\n{result.stdout[-2000:]}")


def end(process: subprocess.Popen[bytes], *, by: signal.Signals = signal.SIGTERM) -> None:
    """End a process and wait until it is gone; one that does not obey is killed with its process group."""
    if process.poll() is None:
        process.send_signal(by)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def children(pid: int) -> list[int]:
    """List the processes that this one started and that still run."""
    if not sys.platform.startswith("linux"):
        answer = subprocess.run(["ps", "-axo", "ppid=,pid="], capture_output=True, text=True, check=True)
        pairs = [line.split() for line in answer.stdout.splitlines()]
        return [int(child) for parent, child in pairs if int(parent) == pid]
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []  # The process is gone itself.


def _environment() -> Mapping[str, str]:
    """Servers get no setting of ours by accident (PGDATA, PGPORT, a language)."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _die_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """Prepare the call for the child; the library is loaded here, as a forked child should do next to nothing."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def request() -> None:
        prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != parent:  # It died between the fork and the request.
            os._exit(1)

    return request
