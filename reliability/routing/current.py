"""What is configured, and what was found last? The options of this process and its newest snapshot, without I/O."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

from reliability.routing.options import Options, from_settings
from reliability.routing.token import derive_keys
from reliability.routing.topology import Node, Snapshot

_snapshot: Snapshot | None = None


def snapshot() -> Snapshot:
    """Give the newest snapshot; before the first probe one in which no node has answered yet."""
    return _snapshot if _snapshot is not None else _unprobed()


def publish(newer: Snapshot | None) -> None:
    """Put a newer snapshot in place of the last one; None: forget it. Readers take no lock."""
    global _snapshot
    _snapshot = newer


@lru_cache(maxsize=1)
def options() -> Options:
    """Read ROUTING, once. Raises WrongOption."""
    return from_settings(getattr(settings, "ROUTING", {}))


@lru_cache(maxsize=1)
def token_keys() -> tuple[bytes, ...]:
    """Derive the keys of tokens from SECRET_KEY and its fallbacks, once."""
    return derive_keys([settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS])


@lru_cache(maxsize=1)
def _unprobed() -> Snapshot:
    return Snapshot(nodes=tuple(Node(address=address, reason="not probed yet") for address in options().nodes))


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"ROUTING", "SECRET_KEY", "SECRET_KEY_FALLBACKS"}:
        options.cache_clear()
        _unprobed.cache_clear()
        token_keys.cache_clear()


setting_changed.connect(_forget)
