"""Where do the processes of one instance leave their heartbeats? One small file each, in a folder in memory."""

from collections.abc import Iterator
from pathlib import Path

from reliability.health import beats
from reliability.health.beats import Beat, Unreadable
from reliability.telemetry.process import is_alive

SUFFIX = ".heartbeat"
FORGOTTEN_SECONDS = 60.0
"""After that long the file of a process that is gone is removed."""


def leave(beat: Beat, folder: Path) -> None:
    """Write the heartbeat of a process, in one step: a reader never sees half of it. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{beat.role}-{beat.pid}{SUFFIX}"
    draft = path.with_suffix(".new")
    draft.write_text(beats.write(beat), encoding="utf-8")
    draft.replace(path)


def remove(role: str, pid: int, folder: Path) -> None:
    """Remove the heartbeat of a process that ends."""
    (folder / f"{role}-{pid}{SUFFIX}").unlink(missing_ok=True)


def collect(folder: Path, *, now: float) -> list[Beat]:
    """Read every heartbeat. Those left by processes that are long gone are removed, and what is no record is skipped.

    A heartbeat from the future is of an earlier boot of the machine, whose clock began at 0 again.
    """
    found = []
    for path, beat in _readable(folder):
        is_old = beat.at > now or now - beat.at > FORGOTTEN_SECONDS
        if is_old and not is_alive(beat.pid):
            path.unlink(missing_ok=True)
        elif beat.at <= now:
            found.append(beat)
    return found


def _readable(folder: Path) -> Iterator[tuple[Path, Beat]]:
    for path in folder.glob(f"*{SUFFIX}"):
        try:
            yield path, beats.read(path.read_text(encoding="utf-8"))
        except (Unreadable, OSError):
            continue
