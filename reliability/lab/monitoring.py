"""Where do tests get a real Prometheus and Alertmanager? Started here as the other servers are, on loopback.

with prometheus(configuration) as metrics, alertmanager(routes) as alerts:
    print(metrics.url, alerts.url)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from reliability.lab.binaries import find_monitoring
from reliability.lab.servers import Server, running, temporary_folder

ANSWER_SECONDS = 2
RESEND = "1s"


class Monitor(Server):
    """A server with one configuration file, which says over HTTP when it is ready."""

    def __init__(self, *, folder: Path, configuration: str, port: int | None = None) -> None:
        super().__init__(folder=folder, port=port)
        self.configuration = folder / f"{self.name}.yaml"
        self.configuration.write_text(configuration, encoding="utf-8")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/-/ready", timeout=ANSWER_SECONDS).status_code == 200
        except httpx.TransportError:
            return False

    def _options(self) -> list[str]:
        return [
            f"--config.file={self.configuration}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--log.level=warn",
        ]


class Prometheus(Monitor):
    """A Prometheus with its data in its folder. Its configuration may name files of rules by their absolute paths."""

    name = "prometheus"

    def command(self) -> list[str]:
        program = find_monitoring("prometheus")
        # It finds its Alertmanagers some seconds after it starts; an alert that was raised before is sent again soon.
        own = [f"--storage.tsdb.path={self.folder / 'data'}", f"--rules.alert.resend-delay={RESEND}"]
        return [str(program), *self._options(), *own]


class Alertmanager(Monitor):
    """An Alertmanager that belongs to no cluster."""

    name = "alertmanager"

    def command(self) -> list[str]:
        program = find_monitoring("prometheus-alertmanager", "alertmanager")
        alone = ["--cluster.listen-address=", f"--storage.path={self.folder / 'data'}"]
        return [str(program), *self._options(), *alone]


@contextmanager
def prometheus(configuration: str) -> Iterator[Prometheus]:
    """Run a Prometheus, and remove it with its data at the end. Raises BinaryMissing, ServerFailed."""
    with temporary_folder("prometheus") as folder:
        server = Prometheus(folder=folder, configuration=configuration)
        with running(server):
            yield server


@contextmanager
def alertmanager(configuration: str) -> Iterator[Alertmanager]:
    """Run an Alertmanager, and remove it with its data at the end. Raises BinaryMissing, ServerFailed."""
    with temporary_folder("alertmanager") as folder:
        server = Alertmanager(folder=folder, configuration=configuration)
        with running(server):
            yield server
