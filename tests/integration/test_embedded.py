"""`make run` serves the site with its tasks from one command, and Ctrl-C leaves nothing running."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from reliability.lab.processes import free_port
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # The command under test brings its own database.
ROOT = Path(__file__).parents[2]


class Site:
    """The command, started in a folder of its own."""

    def __init__(self, folder: Path, *, port: int, **environment: str) -> None:
        self.port = port
        self.output = folder / "output.txt"
        # The demo takes half a minute and has tests of its own; the mark says that it was loaded.
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / "demo-loaded").touch()
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "embedded", "--port", str(port)],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "CMS_DATA_DIR": str(folder / "data"), **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_served(self) -> None:
        wait_until(self._is_served, or_show=lambda: self.output.read_text())

    def group(self) -> list[int]:
        """Give the processes of the command that run now."""
        found = subprocess.run(["pgrep", "-g", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(line) for line in found.stdout.split()]

    def _is_served(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/admin/login/", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path, port=free_port())
    yield site
    if site.process.poll() is None:
        os.killpg(site.process.pid, signal.SIGKILL)
    site.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_leaves_nothing_running(site: Site, number: signal.Signals) -> None:
    site.wait_until_served()

    site.process.send_signal(number)
    status = site.process.wait(timeout=30)

    assert status == 0
    assert site.group() == []


def test_it_ends_when_its_parent_process_is_killed(site: Site) -> None:
    site.wait_until_served()

    site.process.kill()
    site.process.wait()

    wait_until(lambda: site.group() == [])


def test_it_says_where_the_site_is_and_who_may_sign_in(site: Site) -> None:
    site.wait_until_served()

    lines = site.output.read_text().splitlines()

    assert f"Site: http://127.0.0.1:{site.port}/" in lines
    assert f"Admin: http://127.0.0.1:{site.port}/admin/" in lines
    assert "Sign in: ada@demo.example / upgrade-demo" in lines


def test_it_reports_no_error_while_it_starts_and_ends(site: Site) -> None:
    site.wait_until_served()

    site.process.send_signal(signal.SIGINT)
    site.process.wait(timeout=30)

    assert not re.search(r"ERROR|WARNING|Traceback", site.output.read_text()), site.output.read_text()


def test_a_port_in_use_is_named_with_the_fix(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        site = Site(tmp_path, port=port)
        status = site.process.wait(timeout=60)

    assert status == 1
    assert f"Port {port} is in use; take another one: make run PORT={port + 10}" in site.output.read_text()
    assert not (tmp_path / "data" / "cms.sqlite3").exists()


def test_production_is_refused(tmp_path: Path) -> None:
    production = {"CMS_MODE": "production", "CMS_SECRET_KEY": "abcdefghij" * 6, "CMS_ALLOWED_HOSTS": "cms.example.org"}

    site = Site(tmp_path, port=free_port(), **production)
    status = site.process.wait(timeout=60)

    assert status == 1
    assert "CMS_MODE is production" in site.output.read_text()


def test_reset_empties_the_data_folder_and_says_what_is_next(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "photo.jpg").write_bytes(b"photo")
    (tmp_path / "cms.sqlite3").write_bytes(b"data")

    result = _reset(tmp_path, "--force")

    assert result.returncode == 0
    assert list(tmp_path.iterdir()) == []
    assert "`make run` sets the site up again" in result.stdout


def test_reset_keeps_everything_unless_it_is_told_yes(tmp_path: Path) -> None:
    (tmp_path / "cms.sqlite3").write_bytes(b"data")

    result = _reset(tmp_path, answer="no\n")

    assert result.returncode == 1
    assert (tmp_path / "cms.sqlite3").read_bytes() == b"data"


def _reset(folder: Path, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "reset", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "CMS_DATA_DIR": str(folder)},
        input=answer,
        capture_output=True,
        text=True,
        check=False,
    )
