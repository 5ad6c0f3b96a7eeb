"""Which server programs are installed on this machine, and as whom do they run?"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

SYSTEM_FOLDER = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep one folder for each major version, outside of PATH."""
UNPRIVILEGED_USERS = ("postgres", "nobody")
"""PostgreSQL refuses to run as root: the first of these that exists is taken instead."""


class BinaryMissing(Exception):
    """A server program is not installed; the message names the fix."""


def find_postgres() -> Path:
    """Find the folder of PostgreSQL's programs: `PG_BINDIR`, `pg_config --bindir`, then the newest of the system.

    Raises BinaryMissing.
    """
    for folder in _postgres_folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise BinaryMissing(
        "PostgreSQL is not installed; run `make servers`, or set PG_BINDIR to the folder of its programs."
    )


def find_redis() -> Path:
    """Find the program of Redis, or of Valkey, which speaks the same protocol. Raises BinaryMissing."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if not found:
        raise BinaryMissing("Redis is not installed; run `make servers`, or put redis-server into a folder of PATH.")
    return Path(found)


def find_monitoring(*names: str) -> Path:
    """Find a program of Prometheus or Alertmanager by any of its names: distributions differ. Raises BinaryMissing."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if not found:
        raise BinaryMissing(f"{names[0]} is not installed; run `make servers`, or put it into a folder of PATH.")
    return Path(found)


def postgres_user() -> str | None:
    """Name the user who runs PostgreSQL; None: the current one will do."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for user in UNPRIVILEGED_USERS:
        if user in known:
            return user
    raise BinaryMissing("PostgreSQL refuses to run as root, and there is no user `postgres`; run `make servers`.")


def _postgres_folders() -> Iterator[Path]:
    if chosen := os.environ.get("PG_BINDIR"):
        yield Path(chosen)
    if pg_config := shutil.which("pg_config"):
        # It may be there without a server: client packages bring it too.
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip() or "/nowhere")
    versions = SYSTEM_FOLDER.glob("*/bin")
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
