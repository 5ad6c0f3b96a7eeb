"""Which instant does a person mean by a date and a time? Pure.

Where clocks are changed, a local time may exist twice or not at all; then the person chooses.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Option:
    """One instant that may be meant; `text` shows it with its offset."""

    instant: datetime
    text: str


@dataclass(frozen=True)
class Meaning:
    """The instants that a local time may stand for: exactly one in most cases; `exists` is false in a gap."""

    options: tuple[Option, ...]
    exists: bool = True

    @property
    def instant(self) -> datetime | None:
        """The instant if there is only one."""
        return self.options[0].instant if len(self.options) == 1 else None

    def chosen(self, text: str) -> datetime | None:
        """Return the instant that is meant, given the person's choice; a choice that is not on offer is ignored."""
        if self.instant is not None:
            return self.instant
        return next((each.instant for each in self.options if iso(each.instant) == text), None)


def meaning(local: datetime, zone: ZoneInfo) -> Meaning:
    """Return what a naive local time may mean in a zone."""
    first, second = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return Meaning((_option(first, zone),))
    exists = first.astimezone(zone).replace(tzinfo=None) == local
    return Meaning(tuple(_option(each, zone) for each in sorted((first, second))), exists=exists)


def parse_local(text: str) -> datetime | None:
    """Read what a browser sends for a date with a time; None when it is none."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return parsed if parsed.tzinfo is None and len(text.strip()) > 10 else None


def shown(instant: datetime, zone: ZoneInfo) -> str:
    """Return an instant as a field for local time shows it; seconds only where there are some."""
    local = instant.astimezone(zone).replace(tzinfo=None)
    return local.isoformat(timespec="minutes" if local == local.replace(second=0, microsecond=0) else "seconds")


def iso(instant: datetime) -> str:
    """Return an instant as it is stored."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _option(instant: datetime, zone: ZoneInfo) -> Option:
    local = instant.astimezone(zone)
    offset = local.utcoffset() or timedelta()
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(int(offset.total_seconds())) // 60
    return Option(instant, f"{local:%Y-%m-%d %H:%M} {local.tzname()} (UTC{sign}{minutes // 60:02}:{minutes % 60:02})")
