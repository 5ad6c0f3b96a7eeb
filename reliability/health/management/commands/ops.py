"""Answer for the processes of one instance, from beside them: health and metrics on the ops port."""

import argparse
import errno
import signal
import sys
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from reliability.health import configuration, jobs, metrics, usage
from reliability.health.observer import Observer
from reliability.health.server import OpsServer
from reliability.health.usage import Member, Usage
from reliability.telemetry.process import serve_as, shared_folder

ROLE = "ops"
USAGE_SECONDS = 1.0
SWITCH_SECONDS = 0.001
"""How long a thread of this process may compute while another one has a probe to answer; Python's default is five."""
EPILOG = """\
Run one beside each web server, Celery worker or beat, with the same settings; it reads their heartbeats from
CMS_STATE_DIR and their numbers from CMS_METRICS_DIR. It needs neither a database nor Redis to answer.

  /livez     503 when no process has shown a heartbeat for 5 s: restart it
  /startupz  503 until the boot is over, with what it waits for
  /readyz    503 while starting or ending, or when no process takes work
  /regionz   503 when no database could be read for 30 s (?for=writes: or written for 60 s)
  /metrics   the numbers of all processes, for Prometheus

?verbose=1 adds every probe and process. Examples:

  manage.py ops
  manage.py ops --port 9100 --bind 0.0.0.0
  curl -s localhost:9000/readyz?verbose=1 | python -m json.tool
"""


class Command(BaseCommand):
    help = "Answer health checks and metrics for the processes of this instance, until it is told to end."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        formatter = argparse.RawDescriptionHelpFormatter
        parser = super().create_parser(prog_name, subcommand, epilog=EPILOG, **kwargs)
        parser.formatter_class = formatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.OPS_PORT, help="default: CMS_OPS_PORT, %(default)s")
        parser.add_argument("--bind", default=settings.OPS_BIND, help="address; default: CMS_OPS_BIND, %(default)s")

    def handle(self, *args: Any, port: int, bind: str, **options: Any) -> None:
        serve_as(ROLE)
        folder = configuration.state_dir()
        if folder is None:
            raise CommandError("HEALTH_STATE_DIR is empty: set CMS_STATE_DIR to the folder of the other processes.")
        sys.setswitchinterval(SWITCH_SECONDS)
        observer = self._observe(folder)
        server = _listen(bind, port, observer)
        if shared_folder() is None:
            self.stderr.write("CMS_METRICS_DIR is not set: /metrics has no numbers of the other processes.")
        _count(observer)
        jobs.start()
        _end_on_term(server, observer)
        self.stdout.write(f"Ops: http://{bind}:{server.server_port}/readyz?verbose=1")
        self.stdout.flush()
        server.serve_forever(poll_interval=0.2)
        server.server_close()

    def _observe(self, folder: Path) -> Observer:
        observer = Observer(folder)
        try:
            observer.start()
        except OSError as error:
            raise CommandError(f"CMS_STATE_DIR is {folder}, which cannot be used ({error}).") from error
        return observer


def _listen(bind: str, port: int, observer: Observer) -> OpsServer:
    try:
        return OpsServer((bind, port), observer.picture)
    except OverflowError as error:
        raise CommandError(f"{port} is no port; set CMS_OPS_PORT to a number between 1 and 65535.") from error
    except OSError as error:
        is_taken = error.errno == errno.EADDRINUSE
        reason = "is in use; set CMS_OPS_PORT to another one" if is_taken else f"cannot be used ({error.strerror})"
        raise CommandError(f"Port {port} of {bind} {reason}.") from error


def _count(observer: Observer) -> None:
    """Show probes and use of processes as metrics."""
    used = Usage(lambda: _members(observer))
    metrics.show(observer.picture)
    usage.show(used)
    threading.Thread(target=_look, args=[used], name="usage", daemon=True).start()


def _look(used: Usage) -> None:
    """Look often: what a process used after the last look is lost when it ends."""
    while True:
        used.look()
        time.sleep(USAGE_SECONDS)


def _members(observer: Observer) -> Iterator[Member]:
    """List the processes of this instance: those with a heartbeat, those that belong to them, and this one."""
    beats = observer.beats
    yield from {(beat.role, pid) for beat in beats for pid in (beat.pid, beat.parent) if pid}
    yield usage.own(ROLE)


def _end_on_term(server: OpsServer, observer: Observer) -> None:
    def end(number: int, frame: FrameType | None) -> None:
        observer.is_draining = True
        # Not here: it waits for the loop, which this signal interrupts.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
