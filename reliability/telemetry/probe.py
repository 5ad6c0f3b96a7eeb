"""What is a probe? Anything that has these members and, when called, says how one thing is. Pure.

Capabilities offer probes, and the setting HEALTH_PROBES names them; `reliability.health` runs them, each in a thread of
its own, and nobody waits for one. Inherit from `Probe` for its defaults, or have the same members.
"""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

Status = Literal["pass", "warn", "fail"]
Scope = Literal["local", "shared"]
Effect = Literal["startup", "ready", "region", "writes"]


@dataclass(frozen=True, slots=True)
class Result:
    """What a probe found, with one number that shows it."""

    status: Status
    value: float
    unit: str


@runtime_checkable
class Probe(Protocol):
    """What is watched, how often, and what follows when it fails."""

    name: str
    scope: Scope = "local"
    """`shared`: every process loses it at once, so that it is no reason to take this one out of service."""
    interval: float = 5.0
    """Seconds between two looks; while something is wrong it is looked at more often."""
    timeout: float = 1.0
    """Seconds that a look may take; the probe keeps to it itself, in its driver."""
    fail_after: int = 3
    """Failures in a row that make it fail."""
    pass_after: int = 2
    """Good looks in a row that end that."""
    affects: tuple[Effect, ...] = ()
    """Which answers say no while it fails: `startup`, `ready` (never for a shared one), `region`, `writes`."""

    def __call__(self) -> Result:
        """Look. Any exception counts as a failure, and its class is what people are told."""
        ...
