"""Run three regions on this machine, and break them: `lab up`, and in another terminal everything else."""

import json
import signal
import time
from argparse import ArgumentParser
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import psycopg
from django.conf import settings
from django.core.management import BaseCommand, CommandError

from reliability.lab import control, orders, status
from reliability.lab.asking import NodeFailed
from reliability.lab.binaries import BinaryMissing
from reliability.lab.laboratory import Laboratory, PortTaken, UnknownName, laboratory
from reliability.lab.processes import CommandFailed
from reliability.lab.region import Project
from reliability.lab.servers import ServerFailed, temporary_folder

NODE_ORDERS = {
    "lag": "let a standby show each commit SECONDS late (0: no more)",
    "pause": "let a standby show nothing new",
    "kill": "end a node at once (kill -9)",
    "hang": "stop a node: it accepts connections and answers nobody",
    "resume": "undo hang, pause, lag or kill",
    "partition": "cut a node off from the other regions, or from one (--region)",
    "heal": "undo partition",
    "promote": "make a standby the primary",
    "rejoin": "let an old primary follow the new one",
}
WATCH_SECONDS = 1
CLEAR = "\033[H\033[J"
FAILURES = (
    *orders.REFUSALS,
    UnknownName,
    NodeFailed,
    ServerFailed,
    CommandFailed,
    psycopg.OperationalError,
    TypeError,
)
STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
HINTS = """
In another terminal, with .venv/bin/python manage.py in front:
  lab status --watch        who is primary, who is behind
  lab lag eu-1 3            eu-west shows everything 3 s late
  lab hang eu-1             its readers go elsewhere; lab resume eu-1
  lab kill us-1             the primary is dead: reads go on, writes wait, then are refused
  lab promote eu-1          the sites follow; lab rejoin us-1
Stop with Ctrl-C, or: lab down
"""


class Command(BaseCommand):
    help = "Three regions on this machine: PostgreSQL primary and standbys, Redis, a site and a worker in each."

    def add_arguments(self, parser: ArgumentParser) -> None:
        choices = parser.add_subparsers(dest="order", required=True, metavar="ORDER")
        up = choices.add_parser("up", help="start everything, and stay in the foreground")
        up.add_argument("--port", type=int, default=8001, help="of the first site; the others follow (default: 8001)")
        up.add_argument("--empty", action="store_true", help="without demo content: it starts sooner")
        watch = choices.add_parser("status", help="show nodes and regions")
        watch.add_argument("--json", action="store_true", dest="as_json", help="for programs")
        watch.add_argument("--watch", action="store_true", help="again each second, until Ctrl-C")
        choices.add_parser("down", help="end the lab")
        for name, text in NODE_ORDERS.items():
            order = choices.add_parser(name, help=text)
            order.add_argument("node", metavar="NODE", help="us-1, eu-1 or ap-1")
            if name == "lag":
                order.add_argument("seconds", metavar="SECONDS", type=_seconds)
            if name == "partition":
                order.add_argument("--region", help="only from this region")
            if name == "promote":
                order.add_argument(
                    "--leave-old", action="store_false", dest="fence", help="do not end the old primary: it may return"
                )

    def handle(self, *args: Any, order: str, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("The lab uses a known password; CMS_MODE is production, so it does not start.")
        try:
            if order == "up":
                self._up(port=options["port"], seed=[] if options["empty"] else settings.LAB_SEED_COMMANDS)
            elif order == "status":
                self._status(as_json=options["as_json"], watch=options["watch"])
            else:
                self.stdout.write(control.ask(data_dir=settings.DATA_DIR, order=order, **_arguments(options)))
        except (control.NoLab, control.OrderFailed, control.AlreadyRuns) as error:
            raise CommandError(str(error)) from error

    def _up(self, *, port: int, seed: list[list[str]]) -> None:
        for number in STOPPING_SIGNALS:
            signal.signal(number, _stop)
        try:
            with (
                temporary_folder("control") as folder,
                control.control(data_dir=settings.DATA_DIR, folder=folder) as desk,
                laboratory(project=_project(), first_port=port, seed=seed, say=self._say) as lab,
            ):
                self._welcome(lab)
                desk.serve(lambda request: _carry_out(lab, desk, request), failures=FAILURES)
                _ignore_signals()
                self._say("Ending everything ...")
        except KeyboardInterrupt:
            self._say("Everything has ended.")
        except (PortTaken, BinaryMissing, ServerFailed, NodeFailed, CommandFailed) as error:
            raise CommandError(str(error)) from error

    def _welcome(self, lab: Laboratory) -> None:
        for region in lab.regions.values():
            self._say(f"{region.name}: {region.url} (admin: {region.url}admin/)")
        self._say(f"Sign in: {settings.LAB_SIGN_IN}")
        self._say(HINTS.rstrip())

    def _status(self, *, as_json: bool, watch: bool) -> None:
        try:
            while True:
                found = control.ask(data_dir=settings.DATA_DIR, order="status")
                text = json.dumps(found, indent=None if watch else 2) if as_json else status.render(found)
                self._say(f"{CLEAR}{text}" if watch and not as_json else text)
                if not watch:
                    return
                time.sleep(WATCH_SECONDS)
        except KeyboardInterrupt:
            return

    def _say(self, text: str) -> None:
        try:
            self.stdout.write(text)
            self.stdout.flush()
        except OSError:
            return  # The terminal was closed; what is being ended must still be ended.


def _carry_out(lab: Laboratory, desk: control.Control, request: dict[str, Any]) -> Any:
    name = request.pop("order", "")
    if name == "down":
        desk.end()
        return "The lab ends."
    if name not in orders.ORDERS:
        raise orders.OrderRefused(f"There is no order {name!r}.")
    return orders.ORDERS[name](lab, **request)


def _project() -> Project:
    return Project(
        root=Path(settings.ROOT),
        settings=settings.SETTINGS_MODULE,
        wsgi=settings.WSGI_APPLICATION,
        celery=settings.LAB_CELERY_APP,
        server=settings.LAB_SERVER_CONFIG,
    )


def _arguments(options: dict[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("node", "seconds", "region", "fence") if options.get(name) is not None}


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 86_400:
        raise ValueError
    return value


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    _ignore_signals()
    raise KeyboardInterrupt


def _ignore_signals() -> None:
    for number in STOPPING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # Ending is under way; a second Ctrl-C must not leave half of it.
