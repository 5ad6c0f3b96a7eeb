"""Reads of flags. In a background thread they go to the region's own node, as the database routers decide."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import OuterRef, QuerySet, Subquery

from reliability.flags.models import Flag, FlagChange, FlagSet
from reliability.flags.snapshot import Row
from reliability.flags.stored import read_kill, read_overrides

PAGE = 500
"""Flags that are read at once; a process that was away long catches up in pages."""


class SetVersion(NamedTuple):
    """The version of all flags and the token that came with it; a known version with another token is a lost change."""

    version: int
    token: str


def set_version() -> SetVersion:
    """Read whether anything changed; one row."""
    found = FlagSet.objects.values_list("version", "token").first()
    return SetVersion(*found) if found else SetVersion(0, "")


def rows_after(version: int) -> Iterator[Row]:
    """Read the flags that changed after a version, archived ones included, in pages."""
    key = ""
    while True:
        page = list(Flag.objects.filter(version__gt=version, key__gt=key).order_by("key")[:PAGE])
        yield from (as_row(flag) for flag in page)
        if len(page) < PAGE:
            return
        key = page[-1].key


def as_row(flag: Flag) -> Row:
    """Give a stored flag in the form in which the snapshot keeps it."""
    return Row(
        key=flag.key,
        definition=flag.definition,
        overrides=read_overrides(flag.overrides),
        kill=read_kill(flag.kill),
        kill_variant=flag.kill_variant,
        kind=flag.kind,
        client_visible=flag.client_visible,
        is_archived=flag.archived_at is not None,
        version=flag.version,
    )


def in_use() -> QuerySet[Flag]:
    """List the flags that are not archived."""
    return Flag.objects.filter(archived_at__isnull=True)


def changes_of(key: str) -> QuerySet[FlagChange]:
    """List the changes of a flag, newest first."""
    return FlagChange.objects.filter(flag_key=key).order_by("-id")


def with_last_change(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    """Read the time of each flag's last change along with it, as `changed_at`."""
    newest = FlagChange.objects.filter(flag_key=OuterRef("key")).order_by("-id")
    return flags.annotate(changed_at=Subquery(newest.values("at")[:1]))
