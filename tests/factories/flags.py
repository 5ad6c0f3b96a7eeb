"""Flags for tests, stored for real."""

from datetime import UTC, datetime
from typing import Any

from reliability.flags.actions import Edit, create_flag, system
from reliability.flags.models import Flag

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SYSTEM = system("tests")
FOR_ADA = {"if": [{"==": [{"var": "targetingKey"}, "ada"]}, "on", "off"]}


def definition(targeting: Any = None, *, default: str | None = "off", **variants: Any) -> dict[str, Any]:
    """Write a flagd flag; a truth unless it is given variants."""
    found: dict[str, Any] = {"state": "ENABLED", "variants": variants or {"on": True, "off": False}}
    if default:
        found["defaultVariant"] = default
    if targeting:
        found["targeting"] = targeting
    return found


def make_flag(key: str = "new-editor", targeting: Any = None, *, default: str = "off", **edit: Any) -> Flag:
    """Store a flag that is a truth."""
    given = Edit(definition=definition(targeting, default=default), **edit)
    return create_flag(key=key, edit=given, by=SYSTEM, now=NOW, reason="for a test")
