"""Flags as documents: flagd's own form, which any of its clients reads, and ours, which loses nothing. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from reliability.flags.definition import write_set
from reliability.flags.lowering import killed, lower
from reliability.flags.snapshot import Row

MANAGEMENT = ("overrides", "kind", "owner", "description", "expires_on", "client_visible", "kill_variant")
"""Members that only the native form has; overrides there are the stored ones."""


def as_flagd(rows: Iterable[Row], *, version: int, now: datetime) -> dict[str, Any]:
    """Write flags for any flagd client: overrides are rules, and a flag killed everywhere serves its kill variant."""
    flags: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        definition = lower(json.loads(row.definition), row.overrides, now=now)
        is_off = row.kill is not None and not row.kill.when and (row.kill.until is None or row.kill.until > now)
        flags[row.key] = killed(definition, row.kill_variant) if is_off else definition
    return write_set(flags, {"flagSetId": "site", "version": str(version)})


def as_native(flags: Iterable[Mapping[str, Any]], *, version: int) -> dict[str, Any]:
    """Write flags with all that is known of them; each is what the record of changes keeps, with its key."""
    found = list(flags)
    definitions = {each["key"]: json.loads(each["definition"]) for each in found}
    return {
        "flagd": write_set(definitions, {"flagSetId": "site", "version": str(version)}),
        "management": {each["key"]: {name: each[name] for name in MANAGEMENT} for each in found},
    }
