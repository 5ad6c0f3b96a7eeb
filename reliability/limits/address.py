"""From which address does a request come? From the peer, unless the peer is a proxy that we trust to say. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
CLIENT_BITS = 64
"""What one client has of IPv6: it can use any address of its network."""


class WrongNetwork(ValueError):
    """A trusted proxy is no address and no network; the message names it, and how to write one."""


def networks(texts: Iterable[str]) -> list[Network]:
    """Read addresses and networks. Raises WrongNetwork."""
    return [_network(text.strip()) for text in texts]


def writers(environ: Mapping[str, Any]) -> tuple[str, str]:
    """Give who says where a request comes from: the peer, and what X-Forwarded-For holds."""
    return environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_FORWARDED_FOR", "")


def client_address(
    peer: str, forwarded: str, trusted: Sequence[Network] = (), *, trusts_peer: bool = False
) -> Address | None:
    """Give the address of the client; None when it has none, as on a Unix socket.

    X-Forwarded-For is read from its end, where the nearest proxy wrote, as long as the writers are trusted: what stands
    before the first stranger is whatever that stranger sent. `trusts_peer`: whoever connects to us is a proxy.
    """
    address = _address(peer)
    is_trusted = trusts_peer
    for text in reversed(forwarded.split(",")):
        if not (is_trusted or any(address in network for network in trusted if address is not None)):
            break
        said = _address(text.strip())
        if said is None:
            break
        address, is_trusted = said, False
    return address


def client_key(address: Address | None) -> str:
    """Name a client for counting: its address, or its network of IPv6."""
    if isinstance(address, IPv6Address):
        return str(ip_network((address, CLIENT_BITS), strict=False))
    return str(address)


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError as error:
        raise WrongNetwork(f"{text!r} is no address and no network; write 10.0.0.7, 10.0.0.0/8 or fd00::/8.") from error
