"""What did clients do, and what were they told? One operation a line, for checkers that run afterwards.

{"process": "reader-3", "user": "ada", "kind": "read", "value": 7, "started": 12.301, "ended": 12.304, "outcome": "ok",
 "node": "eu-1", "position": "0/5000148"}
"""

import json
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Kind(StrEnum):
    WRITE = "write"
    """Set the register of `user` to `value`; the values of one register only grow."""
    READ = "read"
    """Read the register of `user`; `value` is what was shown."""
    APPEND = "append"
    """Add `value` to the one list."""
    LIST = "list"
    """Read the list; `value` is all of it, in order."""


class Outcome(StrEnum):
    OK = "ok"
    """Answered; a write is acknowledged."""
    MARKED = "marked"
    """Answered, with a plain notice that what is shown may lack what this user wrote."""
    FAIL = "fail"
    """Refused: it has not happened."""
    UNKNOWN = "unknown"
    """It may have happened, or may still happen."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that one client did. Times are seconds of one monotonic clock, shared by all clients of a history."""

    process: str
    user: str
    kind: Kind
    value: int | list[int] | None
    started: float
    ended: float
    outcome: Outcome
    node: str = ""
    position: str = ""

    @property
    def number(self) -> int:
        """The value of a register; 0 where it has none yet."""
        return self.value if isinstance(self.value, int) else 0


class History:
    """The operations of all clients, in the order in which they ended. Thread-safe."""

    def __init__(self) -> None:
        self._operations: list[Operation] = []
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Operation]:
        with self._lock:
            return iter(list(self._operations))

    def __len__(self) -> int:
        return len(self._operations)

    def add(self, operation: Operation) -> None:
        """Note an operation that has ended."""
        with self._lock:
            self._operations.append(operation)


def save(operations: Iterable[Operation], *, path: Path) -> None:
    """Write a history as JSON, one operation a line."""
    with path.open("w") as file:
        file.writelines(f"{json.dumps(asdict(operation))}\n" for operation in operations)


def load(path: Path) -> list[Operation]:
    """Read what `save` wrote."""
    lines = (json.loads(line) for line in path.read_text().splitlines())
    return [Operation(**line | {"kind": Kind(line["kind"]), "outcome": Outcome(line["outcome"])}) for line in lines]
