"""Which flags are switched off on this host? Read from files and the environment, without database and Redis.

One `key` or `key=variant` a line, so that `echo` does it in an emergency; `*` is every release and experiment.
"""

import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reliability.flags.validation.flags import KEY

ALL = "*"
ALL_KINDS = ("release", "experiment")
FILE = "kill"
"""Name of the local kill list in the state directory."""
BYTES_MAX = 1024 * 1024
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kills:
    """The kills of this host: variant by key ("" is the declared one), and whether all releases are off."""

    variants: Mapping[str, str] = field(default_factory=dict)
    is_all: bool = False

    def __bool__(self) -> bool:
        return self.is_all or bool(self.variants)


def parse(lines: Iterable[str]) -> tuple[Kills, list[str]]:
    """Read a kill list; gives the kills and the lines that are none. `#` begins a comment."""
    variants: dict[str, str] = {}
    is_all = False
    unknown: list[str] = []
    for line in lines:
        text = line.partition("#")[0].strip()
        key, _, variant = (part.strip() for part in text.partition("="))
        if key == ALL and not variant:
            is_all = True
        elif KEY.fullmatch(key):
            variants[key] = variant
        elif text:
            unknown.append(text)
    return Kills(variants, is_all), unknown


def union(each: Iterable[Kills]) -> Kills:
    """Put kills of several sources together; none lifts another's."""
    variants: dict[str, str] = {}
    is_all = False
    for kills in each:
        variants |= kills.variants
        is_all = is_all or kills.is_all
    return Kills(variants, is_all)


class Watch:
    """The kill lists of this host; a file is read again only when its time or size has changed."""

    def __init__(self, files: Sequence[Path], given: Sequence[str] = ()) -> None:
        self._files = files
        self._given = parse(given)[0]
        self._seen: dict[Path, tuple[int, int, int] | None] = {}
        self._found: dict[Path, Kills] = {}
        self.current = self._given

    def look(self) -> bool:
        """Look at the files; tells whether the kills have changed."""
        before = self.current
        for file in self._files:
            stamp = _stamp(file)
            if stamp != self._seen.get(file, ()):
                self._seen[file] = stamp
                self._read(file, stamp)
        self.current = union([self._given, *self._found.values()])
        return self.current != before

    def by_source(self) -> dict[str, int]:
        """Count the kills of each source."""
        files = sum(len(kills.variants) + kills.is_all for kills in self._found.values())
        return {"environment": len(self._given.variants) + self._given.is_all, "file": files}

    def _read(self, file: Path, stamp: tuple[int, int, int] | None) -> None:
        """Read a file; one that cannot be read keeps what it said, one that is gone says nothing any more."""
        if stamp is None:
            self._found.pop(file, None)
            return
        try:
            with file.open(encoding="utf-8", errors="replace") as stream:
                kills, unknown = parse(stream.read(BYTES_MAX).splitlines())
        except OSError as error:
            logger.warning("kill list %s cannot be read (%s); what it said before stays", file.name, error.strerror)
            return
        for line in unknown:
            logger.warning("kill list %s: no flag can be named %r; the line is ignored", file.name, line[:100])
        self._found[file] = kills


def write_local(folder: Path, key: str, variant: str = "", *, is_on: bool) -> None:
    """Add a key to the local kill list, or take it away; touches neither database nor Redis."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    kept = [line for line in lines if line.partition("#")[0].partition("=")[0].strip() != key]
    if is_on:
        kept.append(f"{key}={variant}" if variant else key)
    temporary = file.with_suffix(f".{os.getpid()}")
    temporary.write_text("\n".join([*kept, ""]), encoding="utf-8")
    temporary.replace(file)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
