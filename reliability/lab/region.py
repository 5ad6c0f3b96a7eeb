"""What runs in a region of the lab beside its database node? A web process and a worker, with their own settings."""

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reliability.lab import processes
from reliability.lab.servers import ServerFailed

START_SECONDS = 120
POLL_SECONDS = 0.1
SLOTS = 8
"""Requests that the web process works on at once."""
GRACEFUL_SECONDS = 1
"""How long an unfinished request may delay the end."""


@dataclass(frozen=True)
class Project:
    """The Django project that the lab runs."""

    root: Path
    """Folder of manage.py."""
    settings: str
    wsgi: str
    """Dotted name of the WSGI application."""
    celery: str
    """Module of the Celery application."""
    server: str
    """Configuration file of gunicorn, below `root`."""


@dataclass
class Region:
    """The processes of one region. They end by SIGTERM: gunicorn's threads may stand still on SIGINT."""

    name: str
    port: int
    project: Project
    environment: Mapping[str, str]
    folder: Path
    runs_clock: bool = False
    """Whether the periodic tasks are sent from here; one region does."""
    _processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def manage(self, *arguments: str) -> None:
        """Run a management command with the settings of this region. Raises CommandFailed."""
        manage = str(self.project.root / "manage.py")
        processes.run([sys.executable, manage, *arguments], environment=self._environment())

    def start(self) -> None:
        """Start the processes, without waiting for them; `wait` does."""
        for command in self._commands():
            started = processes.spawn(command, log=self.log, environment=self._environment())
            self._processes.append(started)

    def wait(self) -> None:
        """Wait until the site answers. Raises ServerFailed, with the end of the log."""
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self._processes[0].poll() is not None or time.monotonic() > deadline:
                end = self.log.read_text(errors="replace")[-2000:]
                raise ServerFailed(f"The site of {self.name} does not answer on port {self.port}:\n{end}")
            time.sleep(POLL_SECONDS)

    def answers(self) -> bool:
        """Tell whether the web process answers a request within a second, whatever it says."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/robots.txt")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        return True

    def ask_to_end(self) -> None:
        """Ask every process to end; `stop` waits for it."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)

    def stop(self) -> None:
        """End every process, and wait until it is gone."""
        self.ask_to_end()
        for process in self._processes:
            processes.end(process)
        self._processes.clear()

    def _environment(self) -> dict[str, str]:
        root = str(self.project.root)
        python = {"PYTHONPATH": root, "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": self.project.settings}
        return {**python, **self.environment}

    def _commands(self) -> Sequence[list[str]]:
        module, _, name = self.project.wsgi.rpartition(".")
        web = ["gunicorn", f"--config={self.project.root / self.project.server}", f"--bind=127.0.0.1:{self.port}"]
        web += [f"--graceful-timeout={GRACEFUL_SECONDS}", f"{module}:{name}"]
        celery = ["celery", "--app", self.project.celery]
        worker = [*celery, "worker", "--pool=solo", f"--hostname={self.name}", "--loglevel=WARNING"]
        clock = [*celery, "beat", "--scheduler=celery.beat:Scheduler", "--pidfile=", "--loglevel=WARNING"]
        commands = [web, [*worker, "--without-gossip", "--without-mingle"], *([clock] if self.runs_clock else [])]
        return [[sys.executable, "-m", *command] for command in commands]
