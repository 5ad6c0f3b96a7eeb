"""The real site under gunicorn, behind a link that can be cut, and somebody who reads it all the time."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

from reliability.lab import processes
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
END_SECONDS = 20
COMMAND_SECONDS = 120


class Site:
    """Processes of the product with settings of their own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.port = processes.free_port()
        self.running: list[subprocess.Popen[bytes]] = []
        metrics = folder / "metrics"
        metrics.mkdir()
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "cms.config.settings",
            "CMS_DATA_DIR": str(folder),
            "CMS_METRICS_DIR": str(metrics),
            **environment,
        }

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, *, workers: int = 2) -> None:
        """Start gunicorn, and wait until it answers."""
        options = ["--config=docker/gunicorn.conf.py", f"--bind=127.0.0.1:{self.port}", f"--workers={workers}"]
        options += ["--threads=4", "--no-control-socket", "--log-level=warning", "--graceful-timeout=2"]
        web = self.start(["-m", "gunicorn", *options, "cms.config.wsgi"], "web")
        wait_until(lambda: self._answers(web), or_show=lambda: self.log("web"))

    def start(self, arguments: list[str], name: str) -> "subprocess.Popen[bytes]":
        """Start a process of Python in the background."""
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments], cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
            )
        self.running.append(process)
        return process

    def manage(self, *arguments: str) -> None:
        """Run a management command to its end."""
        command = [sys.executable, "manage.py", *arguments]
        answer = subprocess.run(
            command,
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=COMMAND_SECONDS,
        )
        assert answer.returncode == 0, (
            f"manage.py {' '.join(arguments)}: {answer.stdout[-2000:]}{answer.stderr[-2000:]}"
        )

    def log(self, name: str) -> str:
        """Read the end of what a process wrote."""
        return (self.folder / f"{name}.log").read_text()[-4000:]

    def end(self) -> None:
        """End every process, the last one first."""
        for process in reversed(self.running):
            process.terminate()
        for process in self.running:
            try:
                process.wait(timeout=END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _answers(self, process: "subprocess.Popen[bytes]") -> bool:
        assert process.poll() is None, self.log("web")
        try:
            return httpx.get(f"{self.url}/metrics", timeout=5).status_code == 200
        except httpx.TransportError:
            return False


class Reader:
    """Reads a page again and again, and notes when it got an error or an answer."""

    def __init__(self, url: str, *, pause_seconds: float) -> None:
        self._url, self._pause = url, pause_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self.seen: list[tuple[float, int]] = []
        """Monotonic seconds and status, in order."""

    def first(self, *, error: bool, after: float) -> float | None:
        """Give when the first error, or the first answer, came after a moment."""
        return next((at for at, status in list(self.seen) if at > after and (status >= 500) == error), None)

    def _read(self) -> None:
        with httpx.Client(timeout=10) as client:
            while not self._stop.is_set():
                status = client.get(self._url).status_code
                self.seen.append((time.monotonic(), status))
                self._stop.wait(self._pause)

    @contextmanager
    def reading(self) -> Iterator["Reader"]:
        """Read until the end of the block."""
        self._thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._thread.join()


@contextmanager
def site(folder: Path, **environment: str) -> Iterator[Site]:
    """Give a site of which nothing runs yet, and end all of it."""
    made = Site(folder, environment)
    try:
        yield made
    finally:
        made.end()
