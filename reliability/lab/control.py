"""How does a command in another terminal reach the running lab? By a socket that only this user can open.

The lab writes where it listens into `DATA_DIR/lab/state.json`. A request is one line of JSON with the name of an order
and its arguments, the answer one line with `answer` or `error`.
"""

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

STATE_FILE = Path("lab") / "state.json"
ANSWER_SECONDS = 180
"""The slowest order, a rejoin on a busy machine, takes seconds."""
REQUEST_SECONDS = 2
"""How long a client may take to send its line."""

Handler = Callable[[dict[str, Any]], Any]


class NoLab(Exception):
    """No lab runs here; start it with `make lab`."""


class AlreadyRuns(Exception):
    """A lab runs with this data folder already; end it with `manage.py lab down`."""


class OrderFailed(Exception):
    """The lab could not carry out an order; the message says why."""


class Control:
    """The lab's end of the socket. Orders are carried out one after another, in the thread that calls `serve`."""

    def __init__(self, listener: socket.socket) -> None:
        self._listener = listener
        self._ends = False

    def end(self) -> None:
        """Let `serve` return after the current order."""
        self._ends = True

    def serve(self, handle: Handler, *, failures: tuple[type[Exception], ...]) -> None:
        """Answer requests until `end`; an exception of `failures` becomes the answer, every other one ends the lab."""
        while not self._ends:
            client, _ = self._listener.accept()
            with client:
                client.settimeout(REQUEST_SECONDS)
                try:
                    request = json.loads(_read_line(client))
                except (OSError, ValueError):
                    continue  # It left, or it was nobody of ours.
                _send(client, _answer(handle, request, failures))


@contextmanager
def control(*, data_dir: Path, folder: Path) -> Iterator[Control]:
    """Listen in `folder`, whose path must be short, and tell so in `data_dir`. Raises AlreadyRuns."""
    state = data_dir / STATE_FILE
    if _runs(state):
        raise AlreadyRuns("A lab runs already; end it with: manage.py lab down")
    path = folder / "control"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen()
        state.parent.mkdir(parents=True, exist_ok=True)
        state.write_text(json.dumps({"socket": str(path), "pid": os.getpid()}))
        try:
            yield Control(listener)
        finally:
            state.unlink(missing_ok=True)


def ask(*, data_dir: Path, order: str, **arguments: Any) -> Any:
    """Give an order to the lab that runs with this data folder. Raises NoLab, OrderFailed."""
    state = data_dir / STATE_FILE
    try:
        path = json.loads(state.read_text())["socket"]
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_SECONDS)
            connection.connect(path)
            _send(connection, {"order": order, **arguments})
            answer = json.loads(_read_line(connection))
    except (OSError, ValueError, KeyError) as error:
        raise NoLab("No lab runs here; start it in another terminal with: make lab") from error
    if "error" in answer:
        raise OrderFailed(answer["error"])
    return answer["answer"]


def _runs(state: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(REQUEST_SECONDS)
            connection.connect(json.loads(state.read_text())["socket"])
    except (OSError, ValueError, KeyError):
        return False
    return True


def _answer(handle: Handler, request: dict[str, Any], failures: tuple[type[Exception], ...]) -> dict[str, Any]:
    try:
        return {"answer": handle(request)}
    except failures as error:
        return {"error": str(error)}


def _read_line(connection: socket.socket) -> str:
    with connection.makefile("r", encoding="utf-8") as file:
        return file.readline()


def _send(connection: socket.socket, message: dict[str, Any]) -> None:
    try:
        connection.sendall(f"{json.dumps(message)}\n".encode())
    except BrokenPipeError:
        return  # Whoever asked did not wait for the answer; the order is carried out.
