"""What does a process say of itself each second? One small record, which the ops process reads. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from reliability.health.probes import Standing

FRESH_SECONDS = 5.0
"""A process that has not said anything for longer stands still."""
SERVING = "web"
"""The role that takes requests."""


class Unreadable(ValueError):
    """The text is no record of a process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One process at one moment. All processes of a machine share the monotonic clock."""

    role: str
    """`web`, `worker`, `beat`, `rollout`."""
    pid: int
    at: float
    """Monotonic seconds."""
    parent: int = 0
    """Process that belongs to it, such as the one that started the workers of a web server; 0: none."""
    is_started: bool = False
    is_draining: bool = False
    """It was told to end."""
    waits_for: tuple[str, ...] = ()
    """What is left to do before it is started."""
    standings: tuple[Standing, ...] = ()
    """Its local probes."""

    def is_fresh(self, now: float) -> bool:
        return now - self.at <= FRESH_SECONDS

    @property
    def is_ready(self) -> bool:
        """It takes requests: started, not told to end, and nothing of its own is broken."""
        broken = any(each.status == "fail" and "ready" in each.affects for each in self.standings)
        return self.is_started and not self.is_draining and not broken


def write(beat: Beat) -> str:
    """Write the record as JSON."""
    return json.dumps(asdict(beat))


def read(text: str) -> Beat:
    """Read a record. Raises Unreadable."""
    try:
        record = json.loads(text)
        standings = tuple(_standing(each) for each in record.pop("standings"))
        return Beat(**{**record, "waits_for": tuple(record["waits_for"])}, standings=standings)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Unreadable(str(error)) from error


def _standing(record: Mapping[str, Any]) -> Standing:
    known = {field.name for field in fields(Standing)}
    kept = {name: value for name, value in record.items() if name in known}
    return Standing(**{**kept, "affects": tuple(kept["affects"])})
