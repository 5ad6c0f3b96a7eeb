"""The tests run on the database that is asked for; without servers they are skipped, or fail where servers are due."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reliability.lab.binaries import find_postgres, find_redis

pytestmark = pytest.mark.sqlite  # Once is enough: each case is a run of pytest of its own.
ROOT = Path(__file__).parents[2]
SUBJECT = """
import os
import pytest
from django.db import connection

def test_engine(): assert connection.vendor == {vendor!r}
@pytest.mark.sqlite
def test_embedded(): assert connection.vendor == "sqlite"
@pytest.mark.postgres
def test_server(): assert connection.vendor == "postgresql"
def test_data_folder(): assert not os.environ["CMS_DATA_DIR"].startswith({root!r})
"""


@pytest.mark.parametrize(("engine", "vendor"), [("sqlite", "sqlite"), ("postgres", "postgresql")])
def test_each_engine_runs_its_tests(tmp_path: Path, engine: str, vendor: str) -> None:
    find_postgres()  # Skips this test where the server is missing.
    find_redis()

    result = _pytest(tmp_path, engine=engine, vendor=vendor)

    assert result.returncode == 0, result.stdout
    assert "3 passed, 1 deselected" in result.stdout


def test_settings_of_the_shell_do_not_reach_the_tests(tmp_path: Path) -> None:
    result = _pytest(tmp_path, engine="sqlite", vendor="sqlite", CMS_DATABASE_URL="postgres://live.example/cms")

    assert result.returncode == 0, result.stdout


def test_without_servers_the_tests_are_skipped_with_the_reason(tmp_path: Path) -> None:
    result = _pytest(tmp_path, engine="postgres", vendor="postgresql", PATH=str(tmp_path))

    assert result.returncode == 0, result.stdout
    assert "3 skipped, 1 deselected" in result.stdout
    assert "is not installed; run `make servers`" in result.stdout


def test_where_servers_are_due_a_missing_one_is_a_failure(tmp_path: Path) -> None:
    due = {"PATH": str(tmp_path), "CMS_TEST_REQUIRE_SERVERS": "1"}

    result = _pytest(tmp_path, engine="postgres", vendor="postgresql", **due)

    assert result.returncode == pytest.ExitCode.USAGE_ERROR
    assert "is not installed; run `make servers`" in result.stderr


def _pytest(folder: Path, *, engine: str, vendor: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_subject.py").write_text(SUBJECT.format(vendor=vendor, root=str(ROOT)))
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            f"--engine={engine}",
            f"--rootdir={ROOT}",
            "-c",
            str(ROOT / "pyproject.toml"),
            str(folder / "test_subject.py"),
        ],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
