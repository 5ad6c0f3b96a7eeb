"""Three nodes in three regions, as the tests of pure parts need them."""

from dataclasses import replace
from typing import Any

from reliability.routing.epoch import EpochRecord
from reliability.routing.topology import Address, Node, Snapshot

SYSTEM = "7300000000000000001"
FIRST = EpochRecord(SYSTEM, 1, "aaaa0001", 0, 0, "us-1")
SECOND = EpochRecord(SYSTEM, 2, "bbbb0002", 1_000, 1, "eu-1")
THIRD = EpochRecord(SYSTEM, 3, "cccc0003", 2_000, 2, "ap-1")
REGIONS = {"us-1": "us-east", "eu-1": "eu-west", "ap-1": "ap-southeast"}


def node(name: str, **values: Any) -> Node:
    """Make a healthy standby of the first epoch that has replayed 500 bytes."""
    healthy = Node(
        address=Address(name, "127.0.0.1", 5432, REGIONS.get(name, "eu-west")),
        is_up=True,
        system_id=SYSTEM,
        timeline=1,
        epoch_id=FIRST.epoch_id,
        lsn=500,
        receive_lsn=500,
        started_at=100.0,
        rtt_seconds=0.05,
    )
    return replace(healthy, **values)


def primary(name: str = "us-1", **values: Any) -> Node:
    return node(name, **{"is_writable": True, **values})


def snapshot(*nodes: Node, **values: Any) -> Snapshot:
    """Take a picture of these nodes; the writable one is the primary."""
    writable = next((each.name for each in nodes if each.is_writable), None)
    return Snapshot(**{"nodes": nodes, "epochs": (FIRST,), "primary": writable, "taken_at": 1.0, **values})
