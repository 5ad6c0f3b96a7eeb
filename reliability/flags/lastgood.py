"""What did this host know last? A file of flags, for a start without a database; wrong or torn ones are not believed.

JSON lines: a header with version, token and the SHA-256 of the rest, then one flag a line.
"""

import fcntl
import hashlib
import json
import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from reliability.flags.snapshot import Row
from reliability.flags.stored import Kill, read_kill, read_overrides

FILE = "flags.jsonl"
FORMAT = "upgrade-flags-1"
logger = logging.getLogger(__name__)


class Known(NamedTuple):
    """The flags of a file."""

    version: int
    token: str
    rows: tuple[Row, ...]


def write(file: Path, rows: Iterable[Row], *, version: int, token: str) -> bool:
    """Write the file as a whole or not at all; False when another process of this host is writing it now."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with (file.parent / f"{file.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        body = "".join(f"{json.dumps(_as_json(row), ensure_ascii=False)}\n" for row in rows)
        digest = hashlib.sha256(body.encode()).hexdigest()
        header = json.dumps({"format": FORMAT, "version": version, "token": token, "sha256": digest})
        temporary = file.with_suffix(f".{os.getpid()}")
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(f"{header}\n{body}")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    return True


def read(file: Path) -> Known | None:
    """Read the file; None, with a line in the log that says why, when it cannot be believed."""
    try:
        head, _, body = file.read_text(encoding="utf-8").partition("\n")
        header = json.loads(head)
        if header.get("format") != FORMAT:
            raise ValueError(f"format is {header.get('format')!r}")
        if header.get("sha256") != hashlib.sha256(body.encode()).hexdigest():
            raise ValueError("the checksum is wrong")
        rows = tuple(_row(json.loads(line)) for line in body.splitlines())
        return Known(int(header["version"]), str(header["token"]), rows)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("flags of %s are not used: %s", file.name, error)
        return None


def newest(files: Sequence[Path]) -> tuple[Path, Known] | None:
    """Give the file with the highest version among those that can be believed."""
    found = [(file, known) for file in files if (known := read(file)) is not None]
    return max(found, key=lambda each: each[1].version, default=None)


def _as_json(row: Row) -> dict[str, Any]:
    found = asdict(row)
    found["overrides"] = [
        {**each, "expires_at": each["expires_at"].isoformat() if each["expires_at"] else None}
        for each in found["overrides"]
    ]
    kill: Kill | None = row.kill
    found["kill"] = kill and {
        "when": dict(kill.when), "reason": kill.reason, "until": kill.until.isoformat() if kill.until else None,
    }  # fmt: skip
    return found


def _row(given: dict[str, Any]) -> Row:
    return Row(**{**given, "overrides": read_overrides(given["overrides"]), "kill": read_kill(given["kill"])})
