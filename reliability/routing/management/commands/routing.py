"""Look at the database nodes as this site sees them, and give orders to all of its processes."""

import json
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import BaseCommand, CommandError

from reliability.routing import actions, current, losses, prober, queries, snapshots
from reliability.routing.decision import PRIMARY, REPLICA
from reliability.routing.driver_errors import first_line
from reliability.routing.mode import Mode
from reliability.routing.models import Override
from reliability.routing.tables import plain, table
from reliability.routing.topology import Snapshot

LOOK_SECONDS = 5.0
"""How long to wait for the first answers of the nodes."""
WATCH_SECONDS = 1.0
ORDERS = {
    "drain": Override.Kind.DRAIN,
    "fence": Override.Kind.FENCE,
    "lag-limit": Override.Kind.LAG_HARD_SECONDS,
    "read-only": Override.Kind.READ_ONLY,
}


class Command(BaseCommand):
    help = (
        "Show the database nodes as this site sees them (status), wait for a primary, and give orders to all processes."
    )
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        status = verbs.add_parser("status", help="nodes, regions, roles, lag and state")
        status.add_argument("--json", action="store_true", help="for programs")
        status.add_argument("--watch", action="store_true", help="again each second, until Ctrl-C")
        wait = verbs.add_parser("wait", help="wait until writes go, or fail")
        wait.add_argument("--for", dest="seconds", type=float, default=60.0, help="seconds to wait (default: 60)")
        _add_order(verbs.add_parser("read-only", help="refuse writes everywhere, until it expires or --off"))
        _add_order(verbs.add_parser("drain", help="no readers for a node while there is another"), has_node=True)
        _add_order(verbs.add_parser("fence", help="neither reads nor writes on a node"), has_node=True)
        limit = verbs.add_parser(
            "lag-limit", help="longest lag of nodes that get readers, in place of LAG_HARD_SECONDS"
        )
        limit.add_argument("value", type=_seconds, nargs="?", help="seconds")
        _add_order(limit)
        lost = verbs.add_parser("losses", help="acknowledged writes that a failover may have lost")
        lost.add_argument("--log", type=Path, help="also look in this access log (JSON lines with commit_position)")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if REPLICA not in settings.DATABASES:
            raise CommandError("This site has one embedded database; routing needs CMS_DATABASE_URL=postgres://...")
        prober.ensure_started(database=settings.DATABASES[PRIMARY]["NAME"])
        snapshot = snapshots.wait_until(_is_settled, seconds=LOOK_SECONDS)
        if verb in ORDERS:
            self._order(ORDERS[verb], **options)
        elif verb == "wait":
            self._wait(options["seconds"])
        elif verb == "losses":
            self._losses(options["log"])
        else:
            self._status(snapshot, as_json=options["json"], watch=options["watch"])

    def _status(self, snapshot: Snapshot, *, as_json: bool, watch: bool) -> None:
        while True:
            self.stdout.write(json.dumps(plain(snapshot)) if as_json else table(snapshot))
            if not watch:
                return
            try:
                time.sleep(WATCH_SECONDS)
            except KeyboardInterrupt:
                return
            snapshot = current.snapshot()
            if not as_json:
                self.stdout.write("")

    def _wait(self, seconds: float) -> None:
        snapshot = snapshots.wait_until(lambda newer: newer.mode is Mode.NORMAL and newer.taken_at > 0, seconds=seconds)
        if snapshot.mode is not Mode.NORMAL or not snapshot.taken_at:
            raise CommandError(f"Writes do not go after {seconds:g} s.\n{table(snapshot)}")
        self.stdout.write(f"Writes go to {snapshot.primary}.")

    def _order(self, kind: Override.Kind, **options: Any) -> None:
        node, value = options.get("node") or "", options.get("value")
        if kind is Override.Kind.LAG_HARD_SECONDS and value is None and not options["off"]:
            raise CommandError("How long may the lag be? Give it in seconds: routing lag-limit 120.")
        shown = f"{kind.value.replace('_', '-')} {node}".rstrip()
        try:
            if options["off"]:
                was_there = actions.lift_order(kind=kind, node=node)
                self.stdout.write(f"Ended: {shown}." if was_there else f"There was no order: {shown}.")
                return
            lasting = timedelta(minutes=options["minutes"])
            told = {"reason": options["reason"], "by": options["by"]}
            actions.give_order(kind=kind, node=node, **told, lasting=lasting, value=value)
        except (actions.UnknownNode, actions.NoWritableNode) as error:
            raise CommandError(str(error)) from error
        except psycopg.Error as error:
            raise CommandError(f"The order could not be stored: {first_line(error)}") from error
        self.stdout.write(f"In force for {options['minutes']:g} min, in every process within a second: {shown}.")

    def _losses(self, log: Path | None) -> None:
        if log is not None:
            self._report_log(log)
        rows = queries.recent_lost_writes()
        if not rows:
            self.stdout.write("No acknowledged write is known to be lost.")
        for row in rows:
            who = row.user or "somebody"
            self.stdout.write(f"{row.written_at:%Y-%m-%d %H:%M:%S} {who}: {row.route or 'a write'} may be lost")

    def _report_log(self, log: Path) -> None:
        try:
            with log.open(encoding="utf-8", errors="replace") as lines:
                lost, others = losses.split(losses.read_log(lines), current.snapshot().epochs)
        except OSError as error:
            raise CommandError(
                f"{log} cannot be read ({error.strerror}); give the access log of the process."
            ) from error
        new = actions.report_lost(lost)
        self.stdout.write(f"{log}: {len(lost) + len(others)} writes, {len(lost)} may be lost, {len(new)} of them new.")


def _add_order(parser: ArgumentParser, *, has_node: bool = False) -> None:
    if has_node:
        parser.add_argument("node", help="its name, as `routing status` shows it")
    parser.add_argument("--off", action="store_true", help="end the order")
    parser.add_argument("--minutes", type=float, default=60.0, help="it expires by itself (default: 60)")
    parser.add_argument("--reason", default="by hand", help="shown to everybody who looks")
    parser.add_argument("--by", default="operator", help="who gives it")


def _seconds(text: str) -> float:
    """Read a limit. Raises ArgumentTypeError."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < float("inf"):
        raise ArgumentTypeError(f"{text!r} is no number of seconds greater than 0")
    return value


def _is_settled(snapshot: Snapshot) -> bool:
    """Every node was asked: what is not up by then has a reason."""
    return bool(snapshot.taken_at) and all(
        node.sampled_at or node.reason != "not probed yet" for node in snapshot.nodes
    )
