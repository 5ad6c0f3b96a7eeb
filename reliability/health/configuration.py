"""What is configured? The settings of this capability, with their defaults."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from reliability.telemetry.probe import Probe


class WrongProbe(Exception):
    """A name in HEALTH_PROBES leads to something that is no probe; the message names it and what to do."""


def probes() -> list[Probe]:
    """Load HEALTH_PROBES. Raises WrongProbe, ImportError."""
    return [_probe(name) for name in getattr(settings, "HEALTH_PROBES", ())]


def startup() -> list[str]:
    """List HEALTH_STARTUP: dotted names of what a process that serves calls once at its start."""
    return list(getattr(settings, "HEALTH_STARTUP", ()))


def state_dir() -> Path | None:
    """Give HEALTH_STATE_DIR, the folder of heartbeats; None: there is no ops process that would read them."""
    folder = getattr(settings, "HEALTH_STATE_DIR", "")
    return Path(folder) if folder else None


def token() -> str:
    """Give HEALTH_TOKEN, with which details are asked for on the main port; empty: nobody gets them there."""
    return str(getattr(settings, "HEALTH_TOKEN", ""))


def identity() -> dict[str, str]:
    """Give HEALTH_IDENTITY: what verbose answers say of this instance, such as region, colour and release."""
    return dict(getattr(settings, "HEALTH_IDENTITY", {}))


def _probe(name: str) -> Probe:
    found: Any = import_string(name)
    if not isinstance(found, Probe):
        members = ", ".join(Probe.__annotations__)
        raise WrongProbe(f"HEALTH_PROBES names {name}, which is no probe; it needs to be callable and have: {members}.")
    if found.scope == "shared" and "ready" in found.affects:
        raise WrongProbe(f"{name} is shared and affects `ready`: one outage would take every instance out; remove it.")
    return found
