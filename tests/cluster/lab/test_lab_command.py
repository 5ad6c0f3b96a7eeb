"""`lab up` starts three regions that other commands find, and everything ends with it, however it is ended."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from reliability.lab import control, processes
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # It brings its databases along: once is enough.

ROOT = Path(__file__).resolve().parents[3]
STAGES = ("Preparing", "Starting a site", "Stop with Ctrl-C")
COMMAND_SECONDS = 100


def test_three_regions_answer_obey_and_end_with_ctrl_c(tmp_path: Path) -> None:
    port = processes.ports_in_a_row(3)
    with _lab(tmp_path, port=port) as lab:
        for stage in STAGES:  # Each takes its time on a busy machine.
            wait_until(lambda words=stage: words in _output(tmp_path), or_show=lambda: _output(tmp_path))
        family = _family(lab.pid)

        served = [_served_by(port + number) for number in range(3)]
        hung = _ask(tmp_path, "hang", node="ap-1")
        served_when_hung = _served_by(port + 2)
        _ask(tmp_path, "resume", node="ap-1")
        promoted = _order(tmp_path, "promote", "eu-1")
        rejoined = _ask(tmp_path, "rejoin", node="us-1")
        status = _ask(tmp_path, "status")
        with pytest.raises(control.OrderFailed, match="eu-1 is the primary already"):
            _ask(tmp_path, "promote", node="eu-1")
        with pytest.raises(control.OrderFailed, match="There is no node 'mars-1'"):
            _ask(tmp_path, "kill", node="mars-1")
        second = _order(tmp_path, "up", succeeds=False)
        lab.send_signal(signal.SIGINT)
        lab.wait(COMMAND_SECONDS)

    assert served == ["us-east/blue/primary", "eu-west/blue/replica", "ap-southeast/blue/replica"]
    assert "resume ap-1" in hung
    assert served_when_hung.startswith("ap-southeast/blue/")
    assert "eu-1 is the primary since" in promoted
    assert "us-1 was ended" in promoted
    assert "us-1 follows eu-1" in rejoined
    assert {row["node"]: row["role"] for row in status["nodes"]} == {
        "us-1": "standby",
        "eu-1": "primary",
        "ap-1": "standby",
    }
    assert all(row["answers"] for row in status["regions"])
    assert "A lab runs already" in second
    assert len(family) > 10
    wait_until(lambda: not any(_exists(pid) for pid in family))
    assert "No lab runs here; start it in another terminal with: make lab" in _order(tmp_path, "status", succeeds=False)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_stays_when_it_is_ended_while_it_starts(tmp_path: Path, number: signal.Signals) -> None:
    with _lab(tmp_path, port=processes.ports_in_a_row(3)) as lab:
        wait_until(lambda: "Preparing the database" in _output(tmp_path), or_show=lambda: _output(tmp_path))
        family = _family(lab.pid)

        lab.send_signal(number)
        lab.wait(COMMAND_SECONDS)

    assert len(family) > 3
    wait_until(lambda: not any(_exists(pid) for pid in family))


def test_a_port_in_use_is_named_with_the_fix(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        said = _order(tmp_path, "up", "--port", str(taken.getsockname()[1]), succeeds=False)

    assert "is in use; take three others: make lab PORT=" in said


def test_it_does_not_start_in_production(tmp_path: Path) -> None:
    production = {
        "CMS_MODE": "production",
        "CMS_SECRET_KEY": "0123456789" * 5 + "abcdefghijklmn",
        "CMS_ALLOWED_HOSTS": "cms.example.org",
    }

    said = _order(tmp_path, "up", succeeds=False, **production)

    assert "Unknown command: 'lab'" in said


@contextmanager
def _lab(folder: Path, *, port: int) -> Iterator["subprocess.Popen[bytes]"]:
    with (folder / "output").open("wb") as output:
        command = [sys.executable, "manage.py", "lab", "up", "--empty", "--port", str(port)]
        lab = subprocess.Popen(command, cwd=ROOT, env=_environment(folder), stdout=output, stderr=output)
        try:
            yield lab
        finally:
            if lab.poll() is None:
                lab.terminate()
                lab.wait(COMMAND_SECONDS)


def _order(folder: Path, *words: str, succeeds: bool = True, **environment: str) -> str:
    result = subprocess.run(
        [sys.executable, "manage.py", "lab", *words],
        cwd=ROOT,
        env=_environment(folder) | environment,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    assert (result.returncode == 0) is succeeds, result.stdout + result.stderr
    return result.stdout + result.stderr


def _ask(folder: Path, order: str, **arguments: str) -> Any:
    return control.ask(data_dir=folder, order=order, **arguments)


def _environment(folder: Path) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CMS_")}
    return {**ours, "CMS_DATA_DIR": str(folder)}


def _output(folder: Path) -> str:
    return (folder / "output").read_text()


def _served_by(port: int) -> str:
    request = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(request):
        request.request("GET", "/api/v1/documents/?limit=1")
        return request.getresponse().headers["X-Served-By"]


def _family(pid: int) -> list[int]:
    children = processes.children(pid)
    return [*children, *(grandchild for child in children for grandchild in _family(child))]


def _exists(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # Before it was opened, or between that and reading.
        return False
