"""A site on real servers, for tests of health: gunicorn by its configuration file, and the ops process beside it."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reliability.lab import processes
from tests.waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
CONFIG = "docker/gunicorn.conf.py"
SITE = "cms.config.wsgi:application"
SLOW = "tests.cluster.health.slow:application"
"""The same with an address that answers late."""


@dataclass
class Instance:
    """The processes of one instance, and where they answer."""

    folder: Path
    web_port: int = field(default_factory=processes.lasting_port)
    ops_port: int = field(default_factory=processes.lasting_port)
    environment: dict[str, str] = field(default_factory=dict)
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str, *command: str) -> "subprocess.Popen[bytes]":
        """Start a process; its output is in `<name>.log`."""
        process = processes.spawn(list(command), log=self.folder / f"{name}.log", environment=self._environment())
        self.running[name] = process
        return process

    def start_web(self, application: str = SITE) -> "subprocess.Popen[bytes]":
        return self.start("web", sys.executable, "-m", "gunicorn", "-c", str(ROOT / CONFIG), application)

    def start_ops(self) -> "subprocess.Popen[bytes]":
        return self.start("ops", sys.executable, str(ROOT / "manage.py"), "ops")

    def manage(self, *arguments: str) -> None:
        processes.run([sys.executable, str(ROOT / "manage.py"), *arguments], environment=self._environment())

    def web(self, path: str, *, timeout: float = 30, **headers: str) -> tuple[int, Any]:
        return ask(self.web_port, path, timeout=timeout, headers=headers)

    def ops(self, path: str, *, timeout: float = 30) -> tuple[int, Any]:
        return ask(self.ops_port, path, timeout=timeout)

    def status(self, path: str) -> int:
        """Ask the ops port; 0: nobody answers."""
        try:
            return self.ops(path)[0]
        except OSError:
            return 0

    def wait_until(self, path: str, status: int) -> None:
        wait_until(lambda: self.status(path) == status, or_show=lambda: f"{self.last(path)}\n{self.logs()}")

    def last(self, path: str) -> str:
        with suppress(OSError):
            return str(self.ops(f"{path}?verbose=1"))
        return "nobody answers"

    def logs(self) -> str:
        return "\n".join(log.read_text(errors="replace")[-3000:] for log in self.folder.glob("*.log"))

    def workers(self) -> list[int]:
        return processes.children(self.running["web"].pid)

    def stop(self) -> None:
        for process in self.running.values():
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGCONT)
        for process in self.running.values():
            processes.end(process)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    def _environment(self) -> dict[str, str]:
        data = self.folder / "data"
        return {
            "PYTHONPATH": str(ROOT),
            "PYTHON": sys.executable,
            "DJANGO_SETTINGS_MODULE": "cms.config.settings",
            "CMS_DATA_DIR": str(data),
            "CMS_STATE_DIR": str(self.folder / "state"),
            "CMS_METRICS_DIR": str(self.folder / "metrics"),
            "CMS_WEB_BIND": f"127.0.0.1:{self.web_port}",
            "CMS_WEB_WORKERS": "1",
            "CMS_OPS_PORT": str(self.ops_port),
            "CMS_OPS_BIND": "127.0.0.1",
            **self.environment,
        }


@contextmanager
def instance(folder: Path, **environment: str) -> Iterator[Instance]:
    """Give an instance of which nothing runs yet, and end what runs at the end. Call it from the main thread."""
    made = Instance(folder=folder, environment=environment)
    try:
        yield made
    finally:
        made.stop()


def ask(port: int, path: str, *, timeout: float, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    """Get a path of 127.0.0.1; gives status and body, as JSON where it is. Raises OSError."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        body = answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
    is_json = "json" in answer.headers.get("Content-Type", "")
    return answer.status, json.loads(body) if is_json else body.decode()
