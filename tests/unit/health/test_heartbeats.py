"""Heartbeats are files: read whole or not at all, and forgotten when their process is long gone."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from reliability.health import beats, files
from reliability.health.beats import Beat, Unreadable
from reliability.health.probes import Standing

BEAT = Beat(
    role="web",
    pid=os.getpid(),
    at=100.0,
    parent=1,
    is_started=True,
    waits_for=("probe reads (fail)",),
    standings=(Standing(name="state", affects=("ready",), status="pass", value=0.1, unit="share"),),
)


def test_a_record_is_read_as_it_was_written() -> None:
    assert beats.read(beats.write(BEAT)) == BEAT


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"role": "web"}', beats.write(BEAT)[:-9]])
def test_anything_else_is_no_record(text: str) -> None:
    with pytest.raises(Unreadable):
        beats.read(text)


def test_a_newer_release_may_say_more_of_a_probe() -> None:
    text = beats.write(BEAT).replace('"unit"', '"since": 1, "unit"')

    assert beats.read(text) == BEAT


def test_every_process_of_the_folder_is_found(tmp_path: Path) -> None:
    for each in (BEAT, replace(BEAT, role="worker")):
        files.leave(each, tmp_path)
    (tmp_path / "web-1.heartbeat").write_text("half a rec")

    assert sorted(each.role for each in files.collect(tmp_path, now=101.0)) == ["web", "worker"]


def test_a_process_that_ended_on_purpose_is_no_longer_found(tmp_path: Path) -> None:
    files.leave(BEAT, tmp_path)

    files.remove(BEAT.role, BEAT.pid, tmp_path)

    assert files.collect(tmp_path, now=101.0) == []


def test_the_file_of_a_process_that_is_long_gone_is_removed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    files.leave(replace(BEAT, pid=gone.pid), tmp_path)
    files.leave(BEAT, tmp_path)

    found = files.collect(tmp_path, now=161.0)

    assert [each.pid for each in found] == [os.getpid()]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_heartbeat_of_an_earlier_boot_of_the_machine_is_not_believed(tmp_path: Path) -> None:
    files.leave(replace(BEAT, at=5000.0), tmp_path)

    assert files.collect(tmp_path, now=100.0) == []
