"""Where do the processes of one site put their numbers, so that any of them can answer for all?

The metrics library decides when it is imported whether it keeps numbers in memory or in files. So `share` is called
from the settings file, before anything imports that library.
"""

import importlib
import os
import sys
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
LIBRARY = "prometheus_client"
MARK = ".done"
"""Ending of files that say what one process of a site has done for all."""

CONVENTIONS = "OTEL_SEMCONV_STABILITY_OPT_IN"
role = ""
"""What this process is for: `web`, `worker`, `beat`; empty for a command."""


class TooLate(RuntimeError):
    """The metrics library is imported already and keeps its numbers in memory: call `share` earlier."""


_is_apart = False


def stand_apart() -> None:
    """Have this process keep its own numbers in memory, though it shows those of the others: call it before `share`.

    The ops process does. In the folder, its gauges would stand twice, once with the number of the process.
    """
    global _is_apart
    _is_apart = True
    importlib.import_module(LIBRARY)


def share(folder: Path | None) -> None:
    """Keep the numbers of this process in files below `folder`; None: in its memory, for a single process.

    The folder should be empty when the first process of a site starts. Raises TooLate.
    """
    if folder is None:
        return
    if LIBRARY in sys.modules and not _is_apart and os.environ.get(VARIABLE) != str(folder):
        raise TooLate(f"{LIBRARY} is imported before CMS_METRICS_DIR was read; nothing may import it before settings.")
    folder.mkdir(parents=True, exist_ok=True)
    os.environ[VARIABLE] = str(folder)


def serve_as(name: str) -> None:
    """Say what this process is for; the first word counts (the embedded site serves and works in one)."""
    global role
    role = role or name


def choose_conventions() -> None:
    """Let the instrumentation use the stable names of attributes; it reads this when it is imported."""
    os.environ.setdefault(CONVENTIONS, "http,database")


def shared_folder() -> Path | None:
    """Give the folder in which this process keeps its numbers; None: it keeps them in memory."""
    folder = os.environ.get(VARIABLE)
    return Path(folder) if folder else None


def empty(folder: Path | None) -> None:
    """Remove the numbers of an earlier run; before the first process of a site starts."""
    for kind in ("*.db", f"*{MARK}"):
        for file in folder.glob(kind) if folder is not None else ():
            file.unlink(missing_ok=True)


def is_first(what: str) -> bool:
    """Tell whether this process is the first of its site to ask; each is that keeps its numbers in memory."""
    folder = shared_folder()
    if folder is None:
        return True
    try:
        (folder / f"{what}{MARK}").touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def bury(pid: int, folder: Path | None) -> None:
    """Take the gauges of the living off a process that is gone; what it has counted stays.

    As the library does it, which must not be imported where processes are forked from before it is prepared.
    """
    for file in folder.glob(f"gauge_live*_{pid}.db") if folder is not None else ():
        file.unlink(missing_ok=True)


def dead_processes(folder: Path) -> set[int]:
    """Find the processes that left files of numbers and are gone."""
    numbers = {file.stem.rpartition("_")[2] for file in folder.glob("gauge_live*.db")}
    return {int(number) for number in numbers if number.isdecimal() and not is_alive(int(number))}


def is_alive(pid: int) -> bool:
    """Tell whether a process of this number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
