"""Which flags does this process know? One immutable snapshot; flags are compiled when first asked for. Pure."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from reliability.flags.evaluator import Answer, ErrorCode, Flag, Reason, compile_flag
from reliability.flags.lowering import Override, condition, lower
from reliability.flags.stored import Kill


@dataclass(frozen=True, slots=True)
class Row:
    """A flag as it is stored: its flagd definition as JSON text, and what is laid over it."""

    key: str
    definition: str
    overrides: tuple[Override, ...] = ()
    kill: Kill | None = None
    kill_variant: str = ""
    kind: str = "release"
    client_visible: bool = False
    is_archived: bool = False
    version: int = 0


class Entry:
    """A flag of the snapshot; text until it is first asked for."""

    __slots__ = ("_compile", "_flag", "is_killed_here", "row", "texts")

    def __init__(self, row: Row, compile_row: Callable[[Row], Flag], constants: Mapping[str, Any]) -> None:
        self.row = row
        self._compile = compile_row
        self._flag: Flag | None = None
        self.texts: dict[tuple[str | None, Reason], str] = {}
        """Answers that were written for clients before, by variant and reason: there are only a few."""
        self.is_killed_here = row.kill is not None and _applies(row.kill, constants)

    @property
    def flag(self) -> Flag:
        """The compiled flag; that two threads may compile it is harmless. Raises ValueError for a broken text."""
        if self._flag is None:
            self._flag = self._compile(self.row)
        return self._flag

    @property
    def is_compiled(self) -> bool:
        return self._flag is not None

    def is_killed(self, now: float) -> bool:
        """Tell whether the flag is killed in this process at a moment (seconds since 1970)."""
        kill = self.row.kill
        return self.is_killed_here and kill is not None and (kill.until is None or kill.until.timestamp() > now)

    def killed(self, default: Any, variant: str = "") -> Answer:
        """Answer with the kill variant, or another declared one; the code's default where there is none."""
        name = variant or self.row.kill_variant
        try:
            variants = json.loads(self.row.definition).get("variants", {})
        except ValueError:
            variants = {}
        if name not in variants:
            name = self.row.kill_variant
        if name not in variants:
            return Answer(default, None, Reason.DISABLED)
        return Answer(variants[name], name, Reason.DISABLED)


@dataclass(frozen=True)
class Snapshot:
    """All flags at one version; of a `quarantined` key the newest definition does not compile, so the former stays."""

    version: int = 0
    token: str = ""
    constants: Mapping[str, Any] = field(default_factory=dict)
    entries: Mapping[str, Entry] = field(default_factory=dict)
    quarantined: frozenset[str] = frozenset()

    @cached_property
    def visible(self) -> tuple[Entry, ...]:
        """The flags that clients may see."""
        return tuple(entry for entry in self.entries.values() if entry.row.client_visible)

    def changed(self, rows: Iterable[Row], *, version: int, token: str, now: datetime | None = None) -> "Snapshot":
        """Make the next snapshot out of the rows that changed.

        Flags in use are compiled before anybody sees the snapshot, so that no request waits for it.
        """
        entries, quarantined = dict(self.entries), set(self.quarantined)
        moment = now or datetime.now(tz=UTC)
        for row in rows:
            former = entries.get(row.key)
            quarantined.discard(row.key)
            if row.is_archived:
                entries.pop(row.key, None)
                continue
            entry = Entry(row, lambda each: compiled(each, self.constants, now=moment), self.constants)
            if former is not None and former.is_compiled and not _compiles(entry):
                quarantined.add(row.key)
                continue
            entries[row.key] = entry
        return Snapshot(version, token, self.constants, entries, frozenset(quarantined))

    def evaluate(self, key: str, default: Any, context: Mapping[str, Any]) -> Answer:
        """Answer for a context, as a value of the default's type; kills are not looked at here. Never raises."""
        entry = self.entries.get(key)
        if entry is None:
            return Answer(default, None, Reason.ERROR, ErrorCode.FLAG_NOT_FOUND)
        try:
            flag = entry._flag or entry.flag  # The attribute first: this runs for every question.
        except ValueError:
            return Answer(default, None, Reason.ERROR, ErrorCode.PARSE_ERROR)
        return flag.evaluate(default, context)


class Holder:
    """The one place of a process where the current snapshot is; replacing it is one assignment."""

    __slots__ = ("current",)

    def __init__(self, snapshot: Snapshot) -> None:
        self.current = snapshot

    def replace(self, snapshot: Snapshot) -> None:
        """Put the next snapshot in place, and let go of the former flag by flag.

        Ten thousand flags that are freed at once let no other thread run for 6 ms.
        """
        former = list(self.current.entries.values())
        self.current = snapshot
        while former:
            former.pop()


def compiled(row: Row, constants: Mapping[str, Any], *, now: datetime, clock: Callable[[], float] = time.time) -> Flag:
    """Compile a stored flag with its overrides. Raises ValueError when its text is no flag."""
    definition = json.loads(row.definition)
    if not isinstance(definition, dict):
        raise ValueError(f"{row.key}: the definition is no object")
    return compile_flag(row.key, lower(definition, row.overrides, now=now), constants=constants, clock=clock)


def _applies(kill: Kill, constants: Mapping[str, Any]) -> bool:
    """Tell whether a kill means this process: its circumstances are a rule over the process constants."""
    rule = {"if": [condition(kill.when), "yes", "no"]}
    found = compile_flag("kill", {"state": "ENABLED", "variants": {"yes": True, "no": False}, "targeting": rule},
                         constants=constants)  # fmt: skip
    return found.evaluate(False, {}).value is True


def _compiles(entry: Entry) -> bool:
    try:
        return entry.flag is not None
    except ValueError:
        return False
