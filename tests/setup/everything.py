"""Run every check and every test, and end with pytest's summary: what `make test` does.

python -m tests.setup.everything              all parts
python -m tests.setup.everything tests/unit   the tests of one path, on each database that they run on
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

CHECKS = ("lint", "types", "contracts", "checks")
"""Targets of the Makefile."""
WORKERS = "2"
NOTHING_COLLECTED = 5
"""Exit status of pytest when no test was left after selection."""
INTERRUPTED = 130


@dataclass(frozen=True)
class Lane:
    """One run of pytest: an engine and the folders that run on it."""

    engine: str
    folders: tuple[str, ...]
    workers: str = WORKERS


LANES = (
    Lane("sqlite", ("tests/unit", "tests/integration", "tests/cluster", "tests/journeys/test_editor_journey.py")),
    # What people read after they wrote, by the token alone: the tests that fail where one is missing, and few others.
    Lane(
        "lagging",
        (
            "tests/integration/accounts/test_inviting.py",
            "tests/integration/editor/test_conflicts.py",
            "tests/integration/editor/test_publishing_screens.py",
            "tests/integration/routing/test_only_the_token_shows_what_was_just_written.py",
        ),
        workers="0",
    ),
    Lane("postgres", ("tests/integration", "tests/promises", "tests/journeys")),
)


def main(arguments: Sequence[str]) -> int:
    """Run the checks (unless one path is asked for) and the lanes; give the exit status."""
    signal.signal(signal.SIGTERM, _interrupt)
    only = arguments[0].rstrip("/") if arguments and arguments[0] else ""
    if only and not Path(only.partition("::")[0]).exists():
        print(f"ONLY={only}: there is no such file or folder; for example: make test ONLY=tests/unit")
        return 2
    try:
        results = {} if only else {name: _run(name, ["make", "--no-print-directory", name]) for name in CHECKS}
        return _run_lanes(only, results)
    except KeyboardInterrupt:
        print("Interrupted; everything is stopped.")
        return INTERRUPTED


def _run_lanes(only: str, results: dict[str, int]) -> int:
    """Run pytest once for each lane with something to run; the last line printed is its summary."""
    lanes = [(lane, paths) for lane in LANES if (paths := _paths(lane, only))]
    for number, (lane, paths) in enumerate(lanes, start=1):
        if number == len(lanes):
            failed = [name for name, status in results.items() if status]
            print(f"Failed so far: {', '.join(failed)}" if failed else "", flush=True)
        results[f"tests on {lane.engine}"] = _run(
            f"tests on {lane.engine}", _pytest(lane, paths), is_last=number == len(lanes)
        )
    statuses = set(results.values())
    if only and 0 in statuses:
        statuses.discard(NOTHING_COLLECTED)
    return 1 if statuses - {0} else 0


def _paths(lane: Lane, only: str) -> list[str]:
    """Choose what the lane runs: its folders, or the part of them that is asked for."""
    folders = [folder for folder in lane.folders if Path(folder).exists()]
    if not only:
        return folders
    if any(Path(only).is_relative_to(folder) for folder in folders):
        return [only]
    return [folder for folder in folders if Path(folder).is_relative_to(only)]


def _pytest(lane: Lane, paths: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", f"--engine={lane.engine}", "-n", lane.workers, *paths]


def _run(name: str, command: list[str], *, is_last: bool = False) -> int:
    """Run one part, showing its output and its result; ends it when this process is asked to end."""
    print(f"== {name}", flush=True)
    began = time.monotonic()
    environment = os.environ | {"CMS_TEST_REQUIRE_SERVERS": "1"}
    # In a session of its own, a part gets one signal, from here: Ctrl-C in a terminal would disturb its tidying up.
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        try:
            status = process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGTERM)
            process.wait()
            raise
    if not is_last:
        print(f"== {name}: {'failed' if status else 'ok'} ({time.monotonic() - began:.0f} s)", flush=True)
    return status


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
