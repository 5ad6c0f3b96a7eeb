"""Who is on the other end of the connection? A caller of the own network, a trusted proxy, or anybody."""

from collections.abc import Mapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
"""Headers that a proxy adds: what carries one comes from outside, whatever the address of the proxy is."""


@lru_cache(maxsize=1024)
def is_trusted_proxy(address: str) -> bool:
    """Tell whether a peer is one of TRUSTED_PROXIES (addresses or networks): what it says of a request is believed."""
    texts = getattr(settings, "TRUSTED_PROXIES", ())
    networks: list[IPv4Network | IPv6Network] = [ip_network(text, strict=False) for text in texts]
    try:
        peer = ip_address(address)
    except ValueError:
        return False
    return any(peer in network for network in networks)


def is_from_inside(environ: Mapping[str, Any]) -> bool:
    """Tell whether a request came straight from a loopback or private address."""
    if any(header in environ for header in FORWARDED):
        return False
    try:
        address = ip_address(environ.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or address.is_private


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "TRUSTED_PROXIES":
        is_trusted_proxy.cache_clear()


setting_changed.connect(_forget)
