"""What does a line of the list say? State everywhere, last change, and whether the flag should still be there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from reliability.flags import process
from reliability.flags.api import DECLARED
from reliability.flags.glance import Matrix
from reliability.flags.kill import ALL_KINDS
from reliability.flags.models import Flag
from reliability.flags.state import state_of

SETTLED = timedelta(days=30)
"""A flag that has answered everybody alike for so long has nothing to decide any more."""


@dataclass(frozen=True)
class Line:
    """One flag of the list."""

    flag: Flag
    state: Matrix
    changed_at: datetime | None
    hints: Sequence[str]
    is_killed_here: bool


def lines(flags: Iterable[Flag], *, now: datetime) -> list[Line]:
    """Describe the flags of one page; each was read with the time of its last change (`changed_at`)."""
    return [line(each, now=now) for each in flags]


def line(flag: Any, *, now: datetime) -> Line:
    """Describe one flag."""
    state = state_of(flag, now=now)
    changed_at = getattr(flag, "changed_at", None)
    return Line(flag, state, changed_at, hints(flag, state, changed_at, now=now), killed_here(flag))


def killed_here(flag: Flag) -> bool:
    """Tell whether a kill list of this host switches the flag off, whatever is stored."""
    kills = process.current().watch.current
    return flag.key in kills.variants or (kills.is_all and flag.kind in ALL_KINDS)


def hints(flag: Flag, state: Matrix, changed_at: datetime | None, *, now: datetime) -> list[str]:
    """Say why a flag may be one to remove."""
    if flag.archived_at is not None:
        return []
    found = []
    if flag.expires_on is not None and flag.expires_on < now.date():
        found.append(_("expired"))
    if flag.key not in DECLARED:
        found.append(_("no code asks for it"))
    is_settled = state.same is not None and state.same.tone in ("on", "off")
    if is_settled and changed_at is not None and now - changed_at > SETTLED:
        found.append(_("the same for everybody for 30 days"))
    return found
