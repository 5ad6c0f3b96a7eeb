"""`manage.py flags ...`: everything that the admin does, for scripts and for the night."""

import argparse
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reliability.flags import actions, kill, lastgood, process, queries
from reliability.flags.api import details
from reliability.flags.configuration import attributes, state_dir
from reliability.flags.definition import read_set
from reliability.flags.export import as_flagd, as_native
from reliability.flags.models import Flag, as_json
from reliability.flags.snapshot import Row
from reliability.flags.state import state_in_words
from reliability.flags.stored import read_overrides
from reliability.flags.validation import Fault

AUTHOR = "manage.py flags"
BAD = 1


class Command(BaseCommand):
    help = "List, change, kill, ask and move feature flags. Every subcommand takes --json."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
        add = _Adder(commands)
        add("list", "list flags with their state")
        add("show", "show one flag with its last changes", "key")
        found = add("set", "create a flag, or change its definition", "key", writes=True)
        found.add_argument("definition", help="a flagd flag as JSON, @FILE, or - for standard input")
        found.add_argument("--confirm", action="store_true", help="take a change that moves people to other variants")
        found.add_argument("--kind", help="release, ops, experiment, permission or kill")
        found.add_argument("--owner", help="who decides about it")
        found = add("kill", "serve the kill variant at once", "key", writes=True)
        found.add_argument("--local", action="store_true", help="on this host only, without database and Redis")
        found.add_argument("--region", action="append", help="only there; may be given several times")
        found.add_argument("--colour", action="append", help="only for this colour")
        found.add_argument("--until", help="end by itself, such as 2026-12-31T12:00:00+00:00")
        found = add("unkill", "let the rules decide again", "key", writes=True)
        found.add_argument("--local", action="store_true", help="take it off this host's kill list")
        found = add("eval", "ask a flag", "key")
        found.add_argument("--context", default="{}", help="attributes as a JSON object")
        found.add_argument("--default", default="null", help="the caller's default as JSON")
        found = add("check", "check a flagd file, or the flags that are stored")
        found.add_argument("file", nargs="?", type=Path)
        found = add("import", "take flags out of a flagd or native file", writes=True)
        found.add_argument("file", type=Path)
        found.add_argument("--all-or-nothing", action="store_true", help="change nothing if any flag is bad")
        found.add_argument("--only-new", action="store_true", help="leave flags that are there as they are")
        found = add("export", "write all flags to standard output")
        found.add_argument("--format", choices=("flagd", "native"), default="native")
        found = add("diff", "show how the stored flags differ from a file; ends with 1 if they do")
        found.add_argument("file", type=Path)
        add("status", "show version, age and sources of the flags of this process")
        found = add("snapshot", "write the file from which a process starts without a database")
        found.add_argument("output", type=Path)
        found.add_argument("--from", type=Path, dest="source", help="make it from an exported file, without a database")

    def handle(self, *args: Any, command: str, **options: Any) -> None:
        try:
            getattr(self, f"_{command}")(options)
        except Flag.DoesNotExist:
            raise CommandError(f"There is no flag {options['key']!r}; `flags list` shows what there is.") from None
        except actions.FlagRefused as refused:
            raise CommandError(f"Nothing was changed.\n{refused}") from refused

    def _list(self, options: dict[str, Any]) -> None:
        flags = list(queries.in_use())
        rows = [
            {"key": flag.key, "kind": flag.kind, "state": state_in_words(flag, now=timezone.now()),
             "owner": flag.owner, "version": flag.version}
            for flag in flags
        ]  # fmt: skip
        self._table(rows, options)

    def _show(self, options: dict[str, Any]) -> None:
        flag = Flag.objects.get(pk=options["key"])
        changes = [
            {"version": each.version, "action": each.action, "by": each.actor_name, "at": each.at.isoformat(),
             "reason": each.reason}
            for each in queries.changes_of(flag.key)[:10]
        ]  # fmt: skip
        shown = {
            "key": flag.key,
            "state": state_in_words(flag, now=timezone.now()),
            **as_json(flag),
            "changes": changes,
        }
        shown["definition"] = json.loads(flag.definition)
        self._print(shown)

    def _set(self, options: dict[str, Any]) -> None:
        edit = actions.Edit(definition=_read_json(options["definition"]), kind=options["kind"], owner=options["owner"])
        given = {"key": options["key"], "edit": edit, "by": actions.system(AUTHOR), "reason": options["reason"]}
        if Flag.objects.filter(pk=options["key"]).exists():
            flag = actions.update_flag(**given, now=timezone.now(), confirmed=options["confirm"])
        else:
            flag = actions.create_flag(**given, now=timezone.now())
        self._say(f"{flag.key} is at version {flag.version}.", flag, options)

    def _kill(self, options: dict[str, Any]) -> None:
        if options["local"]:
            self._kill_here(options, is_on=True)
            return
        when = {axis: options[axis] for axis in ("region", "colour") if options[axis]}
        until = datetime.fromisoformat(options["until"]) if options["until"] else None
        flag = actions.kill_flag(
            key=options["key"], reason=options["reason"], when=when, until=until, by=actions.system(AUTHOR),
            now=timezone.now(),
        )  # fmt: skip
        self._say(f"{flag.key} serves {flag.kill_variant!r}.", flag, options)

    def _unkill(self, options: dict[str, Any]) -> None:
        if options["local"]:
            self._kill_here(options, is_on=False)
            return
        flag = actions.unkill_flag(
            key=options["key"], by=actions.system(AUTHOR), now=timezone.now(), reason=options["reason"]
        )
        self._say(f"The rules of {flag.key} decide again.", flag, options)

    def _kill_here(self, options: dict[str, Any], *, is_on: bool) -> None:
        folder = state_dir()
        if folder is None:
            raise CommandError("There is no state directory; set FLAGS['STATE_DIR'] (CMS_FLAGS_STATE_DIR).")
        kill.write_local(folder, options["key"], is_on=is_on)
        self.stdout.write(f"{options['key']} {'is off' if is_on else 'is not killed'} on this host within a second.")

    def _eval(self, options: dict[str, Any]) -> None:
        context, default = _read_json(options["context"]), _read_json(options["default"])
        if not isinstance(context, dict):
            raise CommandError("--context must be a JSON object.")
        found = details(options["key"], default=default, context=context)
        self._print(found._asdict())

    def _check(self, options: dict[str, Any]) -> None:
        if options["file"] is None:
            document = as_native(_stored(), version=queries.set_version().version)["flagd"]
        else:
            document = _read_json(f"@{options['file']}")
            document = document.get("flagd", document) if isinstance(document, dict) else document
        found = read_set(document, attributes())
        self._faults(found.faults, options)
        self.stdout.write(f"{len(found.flags)} flags are right.")

    def _import(self, options: dict[str, Any]) -> None:
        report = actions.import_flags(
            document=_read_json(f"@{options['file']}"), by=actions.system(AUTHOR), now=timezone.now(),
            reason=options["reason"], all_or_nothing=options["all_or_nothing"], only_new=options["only_new"],
        )  # fmt: skip
        for name in ("created", "updated", "unchanged"):
            self.stdout.write(f"{name}: {', '.join(getattr(report, name)) or 'none'}")
        self._faults(report.faults, options)

    def _export(self, options: dict[str, Any]) -> None:
        version = queries.set_version().version
        if options["format"] == "flagd":
            rows = [queries.as_row(flag) for flag in queries.in_use()]
            self._print(as_flagd(rows, version=version, now=timezone.now()))
        else:
            self._print(as_native(_stored(), version=version))

    def _diff(self, options: dict[str, Any]) -> None:
        document = _read_json(f"@{options['file']}")
        theirs = (document.get("flagd") or document).get("flags", {})
        ours = {each["key"]: json.loads(each["definition"]) for each in _stored()}
        changed = sorted(key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key))
        for key in changed:
            kind = "only here" if key not in theirs else "only in the file" if key not in ours else "differs"
            self.stdout.write(f"{key}: {kind}")
        if changed:
            sys.exit(BAD)

    def _status(self, options: dict[str, Any]) -> None:
        agent = process.current()
        snapshot = agent.holder.current
        self._print({
            "version": snapshot.version, "flags": len(snapshot.entries), "source": agent.boot_source,
            "age_seconds": round(min(agent.age_seconds, 1e9), 3), "quarantined": sorted(snapshot.quarantined),
            "kills": {**agent.watch.by_source(), "all": agent.watch.current.is_all},
            "constants": dict(snapshot.constants),
        })  # fmt: skip

    def _snapshot(self, options: dict[str, Any]) -> None:
        if options["source"] is None:
            rows = [queries.as_row(flag) for flag in queries.in_use()]
            version = queries.set_version()
            lastgood.write(options["output"], rows, version=version.version, token=version.token)
        else:
            rows = _rows_of(_read_json(f"@{options['source']}"))
            lastgood.write(options["output"], rows, version=0, token="image")
        self.stdout.write(f"{len(rows)} flags are in {options['output'].name}.")

    def _faults(self, faults: list[Fault], options: dict[str, Any]) -> None:
        for fault in faults:
            self.stderr.write(str(fault))
        if faults:
            sys.exit(BAD)

    def _say(self, sentence: str, flag: Flag, options: dict[str, Any]) -> None:
        if options["json"]:
            self._print({"key": flag.key, "version": flag.version, "state": state_in_words(flag, now=timezone.now())})
        else:
            self.stdout.write(sentence)

    def _table(self, rows: list[dict[str, Any]], options: dict[str, Any]) -> None:
        if options["json"]:
            self._print(rows)
            return
        if not rows:
            self.stdout.write("There are no flags yet; `flags set KEY JSON` makes one.")
            return
        names = list(rows[0])
        widths = {name: max(len(name), *(len(str(row[name])) for row in rows)) for name in names}
        self.stdout.write("  ".join(name.upper().ljust(widths[name]) for name in names).rstrip())
        for row in rows:
            self.stdout.write("  ".join(str(row[name]).ljust(widths[name]) for name in names).rstrip())

    def _print(self, value: Any) -> None:
        self.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str))


class _Adder:
    """Adds subcommands that share their options."""

    def __init__(self, commands: Any) -> None:
        self._commands = commands

    def __call__(self, name: str, text: str, *names: str, writes: bool = False) -> argparse.ArgumentParser:
        found: argparse.ArgumentParser = self._commands.add_parser(name, help=text, description=text.capitalize() + ".")
        for each in names:
            found.add_argument(each)
        found.add_argument("--json", action="store_true", help="answer as JSON")
        if writes:
            found.add_argument("--reason", default="", help="why, for the record")
        return found


def _stored() -> list[dict[str, Any]]:
    return [{"key": flag.key, **as_json(flag)} for flag in queries.in_use()]


def _rows_of(document: Any) -> list[Row]:
    native = document if "flagd" in document else {"flagd": document, "management": {}}
    found = read_set(native["flagd"], attributes())
    if found.faults:
        raise CommandError("\n".join(map(str, found.faults)))
    rows = []
    for key, definition in found.flags.items():
        more = (native.get("management") or {}).get(key, {})
        rows.append(Row(
            key, json.dumps(definition, ensure_ascii=False), read_overrides(more.get("overrides", [])),
            kill_variant=more.get("kill_variant", ""), kind=more.get("kind", "release"),
            client_visible=more.get("client_visible", False),
        ))  # fmt: skip
    return rows


def _read_json(given: str) -> Any:
    """Read JSON given as text, as @FILE, or on standard input as -."""
    try:
        text = sys.stdin.read() if given == "-" else Path(given[1:]).read_text() if given[:1] == "@" else given
        return json.loads(text)
    except OSError as error:
        raise CommandError(f"{given[1:]} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"This is no JSON: {error}") from error
