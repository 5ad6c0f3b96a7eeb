"""What does a flag consist of? A flagd document read flag by flag: one bad flag never costs the others. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reliability.flags.references import ReferenceLoop, resolve
from reliability.flags.validation import Attributes, Fault, check_flag

SCHEMA = "https://flagd.dev/schema/v0/flags.json"


@dataclass(frozen=True)
class FlagSet:
    """Definitions by key, shared rules put in; what the set says of itself; and what is wrong with the others."""

    flags: dict[str, dict[str, Any]] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def read_set(document: Any, attributes: Attributes) -> FlagSet:
    """Read a flagd document; flags with faults are left out, and each fault says where it is and how to mend it."""
    if not isinstance(document, dict) or not isinstance(document.get("flags"), dict):
        return FlagSet(faults=[Fault("flags", 'give an object of flags: {"flags": {"my-flag": {...}}}')])
    shared = document.get("$evaluators") or {}
    if not isinstance(shared, dict):
        return FlagSet(faults=[Fault("$evaluators", "must be an object of rules by name")])
    found = FlagSet(metadata=dict(document.get("metadata") or {}))
    for key, given in document["flags"].items():
        definition, faults = _read(key, given, shared, attributes)
        found.faults.extend(faults)
        if not faults and definition is not None:
            found.flags[key] = definition
    return found


def write_set(flags: Mapping[str, Mapping[str, Any]], metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Write a flagd document that any flagd client reads; shared rules stay put in."""
    return {"$schema": SCHEMA, "metadata": dict(metadata), "flags": {key: dict(flag) for key, flag in flags.items()}}


def _read(
    key: str, given: Any, shared: Mapping[str, Any], attributes: Attributes
) -> tuple[dict[str, Any] | None, list[Fault]]:
    path = f"flags.{key}"
    if not isinstance(given, dict):
        return None, [Fault(path, "must be an object")]
    try:
        definition = {**given, "targeting": resolve(given["targeting"], shared)} if given.get("targeting") else given
    except ReferenceLoop as loop:
        return None, [Fault(f"{path}.targeting", f"shared rules refer to each other in a circle: {loop}")]
    return definition, check_flag(key, definition, attributes, path=path)
