"""Writes of the tables of routing: reports of lost writes, and the orders of operators.

Orders are written past the ORM, by a connection of their own: they must reach the database when it is closed for
everybody else, and a node of the operator's choice when two claim to be the primary.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import transaction

from reliability.routing import current, metrics
from reliability.routing.decision import PRIMARY
from reliability.routing.losses import Write
from reliability.routing.models import LostWrite, Override
from reliability.routing.signals import lost_write
from reliability.routing.topology import Node

CONNECT_SECONDS = 2
SESSION = "-c default_transaction_read_only=off -c synchronous_commit=local -c statement_timeout=5000"
"""An order must not wait for a standby that may be the reason for it."""
GIVE = """
INSERT INTO reliability_routing_override (kind, node, value, reason, by, expires_at)
VALUES (%(kind)s, %(node)s, %(value)s, %(reason)s, %(by)s, %(expires_at)s)
ON CONFLICT (kind, node) DO UPDATE
SET value = excluded.value, reason = excluded.reason, by = excluded.by, expires_at = excluded.expires_at
"""
LIFT = "DELETE FROM reliability_routing_override WHERE kind = %(kind)s AND node = %(node)s"


class NoWritableNode(Exception):
    """No single node that answers can be written to, so the order cannot be given."""


class UnknownNode(ValueError):
    """No node of ROUTING has this name; the message lists the names."""


def report_lost(writes: Sequence[Write]) -> list[LostWrite]:
    """Store writes that may be lost, once each, and tell the listeners of `lost_write`; returns the new ones."""
    rows = [_row(write, system_id=current.snapshot().system_id) for write in writes]
    with transaction.atomic():
        fresh = [row for row in rows if not LostWrite.objects.filter(**_key(row)).exists()]
        LostWrite.objects.bulk_create(fresh, ignore_conflicts=True)
    for row in fresh:
        metrics.lost_writes.labels("failover", row.route).inc()
        lost_write.send_robust(LostWrite, write=row)
    return fresh


def give_order(
    *, kind: Override.Kind, node: str = "", reason: str, by: str, lasting: timedelta, value: float | None = None
) -> None:
    """Put an order in force in every process until it expires; a former one of this kind and node is replaced.

    Raises UnknownNode, NoWritableNode, psycopg.Error.
    """
    _check_node(node)
    values = {"kind": kind.value, "node": node, "value": value, "reason": reason, "by": by}
    target = _target(but=node if kind is Override.Kind.FENCE else "")
    _execute(target, GIVE, {**values, "expires_at": datetime.now(tz=UTC) + lasting})


def lift_order(*, kind: Override.Kind, node: str = "") -> bool:
    """End an order before it expires; returns whether there was one. Raises as `give_order` does."""
    _check_node(node)
    return _execute(_target(but=""), LIFT, {"kind": kind.value, "node": node}) > 0


def _row(write: Write, *, system_id: str) -> LostWrite:
    return LostWrite(
        system_id=system_id,
        timeline=write.position.timeline,
        lsn=write.position.lsn,
        written_at=datetime.fromtimestamp(write.written_at, tz=UTC),
        request_id=write.about.request_id[:64],
        user=write.about.user[:150],
        route=write.about.route[:200],
    )


def _key(row: LostWrite) -> dict[str, Any]:
    return {"system_id": row.system_id, "timeline": row.timeline, "lsn": row.lsn, "request_id": row.request_id}


def _check_node(node: str) -> None:
    names = [address.name for address in current.options().nodes]
    if node and node not in names:
        raise UnknownNode(f"No node is named {node}; the nodes are: {', '.join(names)}.")


def _target(*, but: str) -> Node:
    """Choose the node that takes the order: the primary, or the only other writable one when a primary is fenced."""
    snapshot = current.snapshot()
    if snapshot.primary_node is not None and snapshot.primary != but:
        return snapshot.primary_node
    writable = [node for node in snapshot.nodes if node.is_up and node.is_writable and node.system_id]
    left = [node for node in writable if node.name != but and not (but == "" and node.is_fenced)]
    if len(left) != 1:
        names = ", ".join(node.name for node in left) or "none"
        raise NoWritableNode(f"The order needs one node that can be written to; those that can are: {names}.")
    return left[0]


def _execute(node: Node, sql: str, values: dict[str, Any]) -> int:
    address = node.address
    parameters: dict[str, Any] = {
        **address.parameters,
        "host": address.host,
        "port": address.port,
        "dbname": settings.DATABASES[PRIMARY]["NAME"],
        "connect_timeout": CONNECT_SECONDS,
        "options": SESSION,
        "autocommit": True,
    }
    with psycopg.connect(**parameters) as connection:
        return connection.execute(sql.encode(), values).rowcount
