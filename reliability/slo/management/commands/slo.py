"""Turn objectives into rules, alerts, dashboards and routes; check them; show how much budget is left."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from reliability.slo import queries, vocabulary
from reliability.slo.objectives import Catalogue, WrongObjectives
from reliability.slo.picture import Card, cards
from reliability.slo.rules import all_alerts
from reliability.slo.windows import Scale
from reliability.slo.writing import files

RUNBOOKS = "runbooks"


class Command(BaseCommand):
    help = (
        "Service level objectives: write what Prometheus, Alertmanager and Grafana read (generate), compare it with "
        "the objectives (check), show how much error budget is left (status)."
    )
    # A mistake in the objectives is told by `check`, with all others; not by an error of the framework.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help=f"the objectives (default: {settings.SLO_FILE})")
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        generate = verbs.add_parser("generate", help="write rules, alerts, dashboards and routes")
        generate.add_argument(
            "--compress", type=int, default=1, metavar="N", help="divide all windows by N, to rehearse an alert (60)"
        )
        check = verbs.add_parser("check", help="find mistakes, files that are not up to date, and missing runbooks")
        for each in (generate, check):
            each.add_argument("--output", type=Path, help=f"the folder of the files (default: {settings.SLO_OUTPUT})")
        status = verbs.add_parser("status", help="budget left and burn; fails when an objective is missed")
        for each in (check, status):
            each.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        output = options.get("output") or Path(settings.SLO_OUTPUT)
        if verb == "check":
            self._check(options["file"], output, as_json=options["json"])
        elif verb == "status":
            self._status(self._objectives(options["file"]), as_json=options["json"])
        else:
            self._generate(self._objectives(options["file"]), output, compress=options["compress"])

    def _objectives(self, file: Path | None) -> Catalogue:
        try:
            return vocabulary.read(file or Path(settings.SLO_FILE))
        except WrongObjectives as wrong:
            raise CommandError(str(wrong)) from wrong

    def _generate(self, objectives: Catalogue, output: Path, *, compress: int) -> None:
        if compress < 1:
            raise CommandError("--compress must be at least 1; 60 makes minutes of hours.")
        for name, text in files(objectives, Scale(compress)).items():
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            (output / name).write_text(text, encoding="utf-8")
            self.stdout.write(str(output / name))

    def _check(self, file: Path | None, output: Path, *, as_json: bool) -> None:
        try:
            problems = differences(vocabulary.read(file or Path(settings.SLO_FILE)), output)
        except WrongObjectives as wrong:
            problems = wrong.problems
        if as_json:
            self.stdout.write(json.dumps({"problems": problems}))
        if problems:
            raise CommandError("\n".join(problems))
        if not as_json:
            self.stdout.write("The objectives are right, and all files follow from them.")

    def _status(self, objectives: Catalogue, *, as_json: bool) -> None:
        standing = queries.look(objectives, now=timezone.now())
        shown = cards(objectives.objectives, standing.objectives)
        if as_json:
            plain = {"at": standing.at, "source": standing.source, "why": standing.why, "objectives": _plain(shown)}
            self.stdout.write(json.dumps(plain, default=str))
        else:
            self.stdout.write(_table(shown))
            source = {"prometheus": "Prometheus", "table": "the sums of this site"}.get(standing.source, "nowhere")
            self.stdout.write(f"From {source}." + (f" Prometheus: {standing.why}." if standing.why else ""))
        if missed := [card.name for card in shown if card.is_measured and card.tone == "bad"]:
            raise CommandError(f"Missed: {', '.join(missed)}.", returncode=1)


def differences(objectives: Catalogue, output: Path) -> list[str]:
    """Compare the files of a folder with what the objectives make, and alerts with runbooks, each way."""
    stale = [
        f"{output / name} does not follow from the objectives; run `manage.py slo generate`."
        for name, text in files(objectives).items()
        if not (output / name).exists() or (output / name).read_text(encoding="utf-8") != text
    ]
    written = {file.stem for file in (output / RUNBOOKS).glob("*.md")}
    needed = {alert.name for alert in all_alerts(objectives)}
    missing = [f"{output / RUNBOOKS / name}.md is missing; write what to do." for name in sorted(needed - written)]
    unused = [f"{output / RUNBOOKS / name}.md belongs to no alert; remove it." for name in sorted(written - needed)]
    return [*stale, *missing, *unused]


def _table(shown: tuple[Card, ...]) -> str:
    lines = [f"{'objective':<24}{'promised':>10}{'left':>12}{'burn, 1 h':>12}  title"]
    for card in shown:
        burn = f"{card.burn:.1f}" if card.is_measured else "unknown"
        lines.append(f"{card.name:<24}{f'{card.promised} %':>10}{_left(card):>12}{burn:>12}  {card.title}")
    return "\n".join(lines)


def _left(card: Card) -> str:
    if not card.is_measured:
        return "unknown"
    return "too early" if card.is_early else f"{card.percent_left:.1f} %"


def _plain(shown: tuple[Card, ...]) -> list[dict[str, Any]]:
    wanted = (
        "name",
        "title",
        "promised",
        "is_measured",
        "is_early",
        "percent_left",
        "burn",
        "pace",
        "unit",
        "allowed",
        "used",
    )
    return [{name: asdict(card)[name] for name in wanted} for card in shown]
