"""Types as a file: export them, see what a file would change, apply it."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from cms.accounts.actor import system
from cms.content import types
from cms.content.definition import DefinitionError, TypeDefinition
from cms.content.plan import Change, plan
from cms.content.typefile import read_types, write_types
from cms.publishing.actions import apply_types

CHANGES_PENDING = 2
"""Exit code of `diff --check` and `apply --check` when the file would change something."""


class Command(BaseCommand):
    help = "Export document and block types as YAML, show what a file would change, and apply it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        export = commands.add_parser("export", help="write all types as YAML to standard output")
        export.add_argument("keys", nargs="*", help="only these types")
        for name, text in (("diff", "show what FILE would change"), ("apply", "apply FILE; twice changes nothing")):
            each = commands.add_parser(name, help=text)
            each.add_argument("file", type=Path, help="YAML file, as `types export` writes it")
            each.add_argument("--json", action="store_true", dest="as_json", help="print the plan as JSON")
            each.add_argument("--check", action="store_true", help="change nothing; exit 2 if there are changes")
            if name == "apply":
                each.add_argument("--dry-run", action="store_true", help="show the plan and change nothing")

    def handle(self, *args: Any, command: str, **options: Any) -> None:
        if command == "export":
            self._export(options["keys"])
            return
        definitions = _read(options["file"])
        changes = plan(types.current().definitions, definitions)
        self._show(changes, as_json=options["as_json"])
        refused = [change for change in changes if not change.allowed]
        if options["check"]:
            sys.exit(CHANGES_PENDING if changes else 0)
        if command == "diff" or options["dry_run"]:
            return
        if refused:
            raise CommandError(f"{len(refused)} of the changes would lose data; nothing was applied.")
        written = apply_types(definitions, by=system("types apply"), now=timezone.now())
        self.stderr.write(f"{len(written)} types written.")

    def _export(self, keys: list[str]) -> None:
        known = types.current().definitions
        unknown = [key for key in keys if key not in known]
        if unknown:
            raise CommandError(f"There is no type {unknown[0]!r}; there are: {', '.join(sorted(known))}.")
        self.stdout.write(write_types(each for key, each in known.items() if not keys or key in keys), ending="")

    def _show(self, changes: list[Change], *, as_json: bool) -> None:
        if as_json:
            rows = [
                {"kind": each.kind, "path": each.path, "message": each.message, "allowed": each.allowed}
                for each in changes
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for each in changes:
            mark = "  " if each.allowed else "! "
            self.stdout.write(f"{mark}{each.path}: {each.message}")
        if not changes:
            self.stdout.write("No changes.")


def _read(file: Path) -> list[TypeDefinition]:
    known = {key: each.usage for key, each in types.current().definitions.items()}
    try:
        return read_types(file.read_text(encoding="utf-8"), known)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is no text in UTF-8.") from error
    except DefinitionError as error:
        raise CommandError(f"{file} has faults:\n{error}") from error
