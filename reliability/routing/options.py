"""How is routing configured? Every key of the setting ROUTING, typed, with its default and what it is good for.

A Django project gives a dictionary with the names in capitals: ROUTING = {"LAG_HARD_SECONDS": 10}. What it leaves out
has the default below.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal

from reliability.routing.decision import LEVELS, Level
from reliability.routing.topology import Address

MEBIBYTE = 1024 * 1024


class WrongOption(ValueError):
    """A key of ROUTING is unknown, or its value is; the message names both, and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The configuration of routing in one process."""

    consistency: Level = "session"
    """What readers get: `eventual`, `session` (their own writes, and no going back) or `strong` (the primary)."""
    editor_consistency: Level | Literal["auto"] = "auto"
    """What is read below `STRONG_PATHS`: one of the levels, or `auto`: `strong` while the primary is 5 ms away."""
    strong_paths: tuple[str, ...] = ("/admin/", "/api/v1/manage/")
    """Beginnings of the paths where people edit."""
    primary_models: tuple[str, ...] = ("sessions.Session",)
    """Models whose rows must not lag, whoever asks, as `app_label.Model`."""
    probe_interval_seconds: float = 0.5
    """Pause between two probes of a node, give or take 20 %."""
    probe_deadline_seconds: float = 0.3
    """How long a probe may take; a far node gets four times its distance."""
    probe_fall: int = 2
    """Failed probes after which a standby is down."""
    probe_fall_primary: int = 3
    """Failed probes after which the primary is down."""
    probe_rise: int = 3
    """Good probes after which a node is up again."""
    lag_soft_seconds: float = 5.0
    """Age from which a standby gets no new readers while a better one is local."""
    lag_soft_bytes: int = 16 * MEBIBYTE
    """The same in bytes behind the freshest node."""
    lag_hard_seconds: float = 30.0
    """Age from which a standby gets no readers at all while another node answers."""
    lag_hard_bytes: int = 256 * MEBIBYTE
    """The same in bytes behind the freshest node."""
    wait_budget_seconds: float = 0.05
    """How long a read waits for a standby to replay what its reader has seen, before it goes to another node."""
    token_ttl_seconds: float = 3600.0
    """Life of a consistency token."""
    retry_limit: int = 3
    """How often a read is run in all when nodes fail under it."""
    retry_budget_percent: float = 10.0
    """Retries of a process in percent of its reads."""
    write_hold_seconds: float = 3.0
    """How long a write waits for a new primary before it is refused."""
    write_hold_percent: float = 25.0
    """Share of the threads that may wait so; the others serve readers."""
    threads: int = 4
    """Threads of one web process, of which `WRITE_HOLD_PERCENT` is the share."""
    pool_min: int = 1
    """Connections that are kept open, for each node and process."""
    pool_max: int = 8
    """Connections at most, for each node and process."""
    captured_writes: str = "retry"
    """What becomes of a GET that writes on a standby: `retry` on the primary, reported, or `error` (for tests)."""
    trust_primary: bool = False
    """Begin with writes open although fewer than half of three or more nodes answer."""
    degraded_page: str = ""
    """Dotted name of a callable that draws the page of a refused form. Default none: a plain page keeps the form."""
    colour: str = "blue"
    """Which of two releases this process is, `blue` or `green`; part of `X-Served-By`."""
    region: str = ""
    """Region of this process, from `CMS_REGION`."""
    nodes: tuple[Address, ...] = ()
    """The nodes of the cluster; the first is taken for the primary until one has told. From the database addresses."""


WIRED_OPTIONS = {"colour", "region", "nodes", "degraded_page"}
"""Those that no environment variable sets: they follow from other settings, or are wired in code."""
OPERATOR_OPTIONS = tuple(field for field in fields(Options) if field.name not in WIRED_OPTIONS)
CHOICES = {
    "consistency": LEVELS,
    "editor_consistency": ("auto", *LEVELS),
    "captured_writes": ("retry", "error"),
    "colour": ("blue", "green"),
}
MAY_BE_ZERO = {"wait_budget_seconds", "write_hold_seconds", "write_hold_percent", "retry_budget_percent", "pool_min"}
PERCENT = {"write_hold_percent", "retry_budget_percent"}
DEFAULTS = Options()


def from_settings(routing: Mapping[str, Any]) -> Options:
    """Read the dictionary ROUTING. Raises WrongOption for the first key or value that is wrong."""
    known = {field.name.upper(): field.name for field in fields(Options)}
    values: dict[str, Any] = {}
    for key, value in routing.items():
        if key not in known:
            raise WrongOption(f"ROUTING has {key!r}, which is unknown; the keys are: {', '.join(sorted(known))}.")
        name = known[key]
        values[name] = tuple(map(_address, value)) if name == "nodes" else check(key, name, _plain(value))
    return Options(**values)


def parse(name: str, option: str, text: str) -> Any:
    """Read the value of one option from text, as an environment variable has it; messages call it `name`.

    Raises WrongOption.
    """
    default = getattr(DEFAULTS, option)
    if isinstance(default, bool):
        return _boolean(name, text)
    if isinstance(default, tuple):
        return check(name, option, tuple(part.strip() for part in text.split(",") if part.strip()))
    if isinstance(default, int | float):
        return check(name, option, _number(name, text, whole=isinstance(default, int)))
    return check(name, option, text)


def check(name: str, option: str, value: Any) -> Any:
    """Return the value when it fits the option. Raises WrongOption; its message calls the option `name`."""
    if option in CHOICES and value not in CHOICES[option]:
        raise WrongOption(f"{name} is {value!r}; set it to one of: {', '.join(CHOICES[option])}.")
    default = getattr(DEFAULTS, option)
    if isinstance(default, bool):
        return _of_type(name, value, (bool,), "True or False")
    if isinstance(default, int | float):
        _of_type(name, value, (int,) if isinstance(default, int) else (int, float), "a number")
        return _in_range(name, option, value)
    if isinstance(default, tuple):
        return _of_type(name, value, (tuple,), "a list of texts")
    return _of_type(name, value, (str,), "a text")


def _boolean(name: str, text: str) -> bool:
    if text.lower() not in {"on", "off", "1", "0", "true", "false", "yes", "no"}:
        raise WrongOption(f"{name} is {text!r}; set it to on or off.")
    return text.lower() in {"on", "1", "true", "yes"}


def _in_range(name: str, option: str, value: float) -> float:
    if option in PERCENT and not 0 <= value <= 100:
        raise WrongOption(f"{name} is {value}; a percentage lies between 0 and 100.")
    if not 0 <= value < float("inf") or (value == 0 and option not in MAY_BE_ZERO):
        least = "of at least 0" if option in MAY_BE_ZERO else "greater than 0"
        raise WrongOption(f"{name} is {value}; set it to a number {least}.")
    return value


def _number(name: str, text: str, *, whole: bool) -> float:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        kind = "whole number" if whole else "number"
        raise WrongOption(f"{name} is {text!r}; set it to a {kind}, without a unit.") from None


def _of_type(name: str, value: Any, types: tuple[type, ...], expected: str) -> Any:
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        raise WrongOption(f"{name} is {value!r}; set it to {expected}.")
    return value


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _address(node: Mapping[str, Any]) -> Address:
    """Read a node: NAME, HOST, PORT, REGION, and optionally WEIGHT and PARAMETERS of libpq."""
    missing = [key for key in ("NAME", "HOST", "PORT", "REGION") if not node.get(key)]
    if missing:
        shown = node.get("NAME") or node.get("HOST")
        raise WrongOption(f"A node of ROUTING (NAME {shown!r}) has no {missing[0]}; give NAME, HOST, PORT and REGION.")
    return Address(
        node["NAME"], node["HOST"], int(node["PORT"]), node["REGION"], node.get("WEIGHT", 1), node.get("PARAMETERS", {})
    )
