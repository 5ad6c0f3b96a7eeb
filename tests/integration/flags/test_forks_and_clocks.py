"""A process keeps its flags current through a fork, thousands of changes at once, and a clock that jumps."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reliability.flags import queries
from reliability.flags.actions import Edit, update_flag
from reliability.flags.agent import Agent
from reliability.flags.snapshot import Holder, Row, Snapshot
from tests.factories.flags import NOW, SYSTEM, definition, make_flag

ROOT = Path(__file__).parents[3]
DAY_SECONDS = 86_400.0
MANY = 2_000
FORK = """
import os, time
import django
django.setup()
from reliability.flags import process
from reliability.flags.api import get_answer
from reliability.flags.configuration import state_dir

def hears():
    end = time.monotonic() + 20
    while get_answer("new-editor", True).reason != "DISABLED":
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True

process.ensure_started()
child = os.fork()
if not child:
    os._exit(0 if hears() else 1)
(state_dir() / "kill").write_text("new-editor")
_, status = os.waitpid(child, 0)
print("child", os.waitstatus_to_exitcode(status) == 0, "parent", hears())
"""


def test_a_child_of_a_fork_hears_of_a_kill_by_a_thread_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "flags").mkdir()
    environment = {
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "cms.config.settings",
        "CMS_DATA_DIR": str(tmp_path),
    }

    done = subprocess.run(
        [sys.executable, "-c", FORK], env=environment, capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.splitlines()[-1] == "child True parent True"


def test_answers_go_on_and_never_go_back_while_thousands_of_flags_change() -> None:
    def rows(default: str, version: int) -> list[Row]:
        text = f'{{"state": "ENABLED", "variants": {{"1": 1, "2": 2}}, "defaultVariant": "{default}"}}'
        return [Row(f"flag-{number}", text, version=version) for number in range(MANY)]

    holder = Holder(Snapshot().changed(rows("1", 1), version=1, token="t", now=NOW))
    seen: list[int] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            seen.append(holder.current.evaluate(f"flag-{len(seen) % MANY}", 0, {}).value)

    thread = threading.Thread(target=ask)
    thread.start()
    while not seen:
        time.sleep(0.001)
    holder.replace(holder.current.changed(rows("2", 2), version=2, token="u", now=NOW))
    switched = len(seen)
    while len(seen) < switched + MANY:
        time.sleep(0.001)
    stop.set()
    thread.join()

    assert (seen[0], seen[-1]) == (1, 2)
    assert seen == sorted(seen)


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [-DAY_SECONDS, DAY_SECONDS])
def test_a_clock_that_jumps_makes_nothing_stale_and_hides_no_change(
    jump: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = make_flag(default="off")
    agent = Agent()
    agent.boot()

    monkeypatch.setattr(time, "time", _shifted(time.time, jump))

    assert not agent.is_stale
    update_flag(key=flag.key, edit=Edit(definition=definition(default="on")), by=SYSTEM, now=NOW, confirmed=True)
    assert agent.poll()
    assert agent.holder.current.version == queries.set_version().version
    assert agent.holder.current.evaluate(flag.key, False, {}).value is True


def _shifted(clock: Callable[[], float], seconds: float) -> Any:
    return lambda: clock() + seconds
