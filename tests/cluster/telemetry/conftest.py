"""The small project on real servers: gunicorn with two workers, Redis, a Celery worker, and a collector."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from reliability.lab.processes import free_port
from reliability.lab.servers import Redis, redis
from tests.otlp import Sink, sink
from tests.waiting import wait_until

ROOT = Path(__file__).parents[3]
SETTINGS = "tests.cluster.telemetry.project.settings"
END_SECONDS = 30


@dataclass
class Project:
    """The processes of the project, and what they wrote."""

    folder: Path
    redis: Redis
    collector: Sink
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    web: "subprocess.Popen[bytes] | None" = None
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, *options: str) -> None:
        """Start gunicorn with two workers, and wait until it answers."""
        gunicorn = ["gunicorn", "tests.cluster.telemetry.project.wsgi", f"--bind=127.0.0.1:{self.port}", "--workers=2"]
        hooks = [
            "--config=tests/cluster/telemetry/project/gunicorn_conf.py",
            "--threads=4",
            "--no-control-socket",
            "--log-level=warning",
        ]
        self.web = self._start([*gunicorn, *hooks, "--log-level=warning", *options], "web")
        wait_until(self._answers, or_show=lambda: self.output("web"))

    def work(self, *options: str) -> "subprocess.Popen[bytes]":
        """Start a Celery worker with two children."""
        celery = ["celery", "--app=tests.cluster.telemetry.project.queue", "worker", "--concurrency=2"]
        process = self._start([*celery, "--without-gossip", "--without-mingle", "--loglevel=INFO", *options], "worker")
        wait_until(lambda: "ready" in self.output("worker"), or_show=lambda: self.output("worker"))
        return process

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(f"{self.url}{path}", headers=headers, timeout=20)

    def end(self, process: "subprocess.Popen[bytes] | None", number: signal.Signals = signal.SIGTERM) -> None:
        """Ask a process to end gracefully, and wait for it."""
        assert process is not None
        process.send_signal(number)
        process.wait(timeout=END_SECONDS)

    def lines(self, name: str) -> list[dict[str, Any]]:
        """Read what a process wrote to its log."""
        return [json.loads(line) for line in self.output(name).splitlines() if line.startswith("{")]

    def output(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def metric(self, name: str) -> float:
        """Read a number from the page of metrics; 0 when there is none."""
        page = httpx.get(f"{self.url}/metrics", timeout=20).text
        found = [line.rpartition(" ")[2] for line in page.splitlines() if line.startswith(f"{name} ")]
        return float(found[0]) if found else 0.0

    def _answers(self) -> bool:
        assert self.web is not None
        assert self.web.poll() is None, self.output("web")
        try:
            return httpx.get(f"{self.url}/metrics", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def _start(self, command: list[str], name: str) -> "subprocess.Popen[bytes]":
        variables = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PROJECT_FOLDER": str(self.folder),
            "PROJECT_REDIS": self.redis.url,
            "PROJECT_COLLECTOR": self.collector.url,
            "PROJECT_OUTSIDE": f"{self.collector.url}/outside",
            **self.environment,
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command], cwd=ROOT, env=variables, stdout=log, stderr=subprocess.STDOUT
            )
        self.processes.append(process)
        return process


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Give the project, with nothing started but Redis and the collector."""
    with project_in(tmp_path) as made:
        yield made


@contextmanager
def project_in(folder: Path) -> Iterator[Project]:
    """Prepare the project in a folder, and end all of it afterwards."""
    with ExitStack() as stack:
        made = Project(folder, stack.enter_context(redis()), stack.enter_context(sink()))
        stack.callback(_end_all, made)
        yield made


def _end_all(project: Project) -> None:
    for process in project.processes:
        if process.poll() is None:
            process.terminate()
    for process in project.processes:
        try:
            process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
