"""Server programs are found where they are, and a missing one is named with the fix."""

from pathlib import Path

import pytest

from reliability.lab import binaries
from reliability.lab.binaries import BinaryMissing, find_postgres, find_redis


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give the folder of the system's PostgreSQL versions, on a machine that has no server program."""
    system = tmp_path / "postgresql"
    monkeypatch.setattr(binaries, "SYSTEM_FOLDER", system)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.delenv("PG_BINDIR", raising=False)
    return system


def test_the_newest_version_of_the_system_is_taken(bare: Path) -> None:
    _install(bare / "9" / "bin")
    newest = _install(bare / "17" / "bin")

    found = find_postgres()

    assert found == newest


def test_a_chosen_folder_comes_first(bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(bare / "17" / "bin")
    chosen = _install(tmp_path / "chosen")
    monkeypatch.setenv("PG_BINDIR", str(chosen))

    found = find_postgres()

    assert found == chosen


def test_client_programs_alone_do_not_count(bare: Path) -> None:
    (bare / "17" / "bin").mkdir(parents=True)
    (bare / "17" / "bin" / "psql").touch()

    with pytest.raises(BinaryMissing, match="make servers"):
        find_postgres()


def test_missing_redis_is_named_with_the_fix(bare: Path) -> None:
    with pytest.raises(BinaryMissing, match="Redis is not installed; run `make servers`"):
        find_redis()


def _install(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        (folder / name).touch()
    return folder
