"""How are flags set up here? The setting FLAGS, with its defaults; every name is documented in the README."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from reliability.flags.validation import Attributes
from reliability.flags.validation.faults import Kind

DEFAULTS: Mapping[str, Any] = {
    "CONTEXT": {},
    "CONSTANTS": {},
    "REGIONS": [],
    "COLOURS": [],
    "REDIS_URL": "",
    "STATE_DIR": "",
    "KILL_WATCH": "",
    "KILL": [],
    "BOOTSTRAP": "",
    "POLL_SECONDS": 5.0,
    "RECORD_EVENT": "",
    "CONTEXT_PROVIDERS": {},
    "OFREP": "public",
    "OFREP_TOKEN_CHECK": "",
}
KINDS = {"string": Kind.TEXT, "number": Kind.NUMBER, "boolean": Kind.TRUTH, "list": Kind.LIST}
BUILT_IN: Attributes = {
    "user_id": Kind.TEXT,
    "groups": Kind.LIST,
    "is_staff": Kind.TRUTH,
    "locale": Kind.TEXT,
    "site": Kind.TEXT,
    "path": Kind.TEXT,
    "region": Kind.TEXT,
    "colour": Kind.TEXT,
    "release": Kind.TEXT,
    "environment": Kind.TEXT,
}
"""Attributes that every question carries."""


def option(name: str) -> Any:
    """Read one member of the setting FLAGS."""
    return getattr(settings, "FLAGS", {}).get(name, DEFAULTS[name])


def attributes() -> Attributes:
    """List the attributes that rules may read, with their kinds."""
    declared = {name: KINDS[kind] for name, kind in option("CONTEXT").items()}
    return {**BUILT_IN, **declared}


def constants() -> Mapping[str, str]:
    """Give what never changes in this process: region, colour, release, environment."""
    return {name: str(value) for name, value in option("CONSTANTS").items() if value}


def regions() -> Sequence[str]:
    """List the regions that the screens show, this process's own included."""
    return _with_own(option("REGIONS"), "region")


def colours() -> Sequence[str]:
    """List the colours that the screens show, this process's own included."""
    return _with_own(option("COLOURS"), "colour")


def state_dir() -> Path | None:
    """Give the folder of the last-known-good file and of the local kill list; None when there is none."""
    folder = option("STATE_DIR")
    return Path(folder) if folder else None


def _with_own(names: Sequence[str], constant: str) -> Sequence[str]:
    own = constants().get(constant)
    return list(dict.fromkeys([*names, *([own] if own else [])])) or [""]
