"""The address of a client is what the peer says only if the peer is trusted."""

import pytest

from reliability.limits.address import WrongNetwork, client_address, client_key, networks, writers

PROXIES = networks(["10.0.0.0/8", "192.0.2.7"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1.1.1.1, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("10.0.0.1", "198.51.100.1,192.0.2.7", "198.51.100.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", "None"),
    ],
)
def test_the_chain_is_read_from_its_end_up_to_the_first_stranger(peer: str, forwarded: str, expected: str) -> None:
    environ = {"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_FOR": forwarded}

    assert str(client_address(*writers(environ), PROXIES)) == expected


def test_who_trusts_its_peer_takes_the_last_entry_and_no_other() -> None:
    environ = {"REMOTE_ADDR": "203.0.113.5", "HTTP_X_FORWARDED_FOR": "1.1.1.1, 198.51.100.1"}

    assert str(client_address(*writers(environ), trusts_peer=True)) == "198.51.100.1"


def test_a_client_cannot_hide_in_its_own_network_of_ipv6() -> None:
    keys = {client_key(client_address(f"2001:db8:1:2::{host}", "")) for host in (1, 2, "ffff:1")}

    assert keys == {"2001:db8:1:2::/64"}


def test_a_wrong_network_is_named_with_the_fix() -> None:
    with pytest.raises(WrongNetwork, match=r"'10\.0\.0' is no address and no network; write 10\.0\.0\.7"):
        networks(["10.0.0"])
