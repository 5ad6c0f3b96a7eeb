"""How does a snapshot look in a terminal, and for a program? Pure: snapshot in, text or plain values out."""

from typing import Any

from reliability.routing.position import format_lsn
from reliability.routing.topology import Node, Snapshot

COLUMNS = ("NODE", "REGION", "ROLE", "STATE", "LAG", "BEHIND", "TIMELINE", "POSITION", "WHY")
KIBIBYTE = 1024


def table(snapshot: Snapshot) -> str:
    """Draw the nodes, one a line, and below them whether people may write."""
    rows = [COLUMNS, *(_row(node, snapshot) for node in snapshot.nodes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, "", _writes(snapshot), _epoch(snapshot)])


def plain(snapshot: Snapshot) -> dict[str, Any]:
    """Give the same as values for JSON."""
    return {
        "primary": snapshot.primary,
        "mode": snapshot.mode.value,
        "mode_reason": snapshot.mode_reason,
        "system_id": snapshot.system_id,
        "timeline": snapshot.epoch.timeline if snapshot.epoch else None,
        "nodes": [_plain_node(node, snapshot) for node in snapshot.nodes],
    }


def state_of(node: Node, snapshot: Snapshot) -> str:
    """Say in one word how a node is."""
    if node.is_fenced:
        return "fenced"
    if not node.is_up:
        return "down"
    if node.is_drained:
        return "drained"
    if not snapshot.is_on_epoch(node):
        return "other epoch"
    return "paused" if node.is_replay_paused else "up"


def role_of(node: Node, snapshot: Snapshot) -> str:
    """Say what a node is: the primary that counts, a standby, or a node that only claims to be one."""
    if node.name == snapshot.primary:
        return "primary"
    if not node.sampled_at:
        return "unknown"
    return "writable" if node.is_writable else "standby"


def _row(node: Node, snapshot: Snapshot) -> tuple[str, ...]:
    is_known = bool(node.sampled_at)
    return (
        node.name,
        node.region,
        role_of(node, snapshot),
        state_of(node, snapshot),
        f"{node.staleness_seconds:.1f} s" if is_known and node.is_up else "-",
        _size(node.lag_bytes) if is_known and node.is_up else "-",
        str(node.timeline) if is_known else "-",
        format_lsn(node.lsn) if is_known else "-",
        node.reason,
    )


def _size(count: int) -> str:
    size, units = float(count), iter(("B", "KiB", "MiB", "GiB"))
    unit = next(units)
    while size >= KIBIBYTE and (larger := next(units, None)):
        size, unit = size / KIBIBYTE, larger
    return f"{size:.0f} {unit}"


def _writes(snapshot: Snapshot) -> str:
    why = f" ({snapshot.mode_reason})" if snapshot.mode_reason else ""
    return f"Writes: {snapshot.mode.value}{why}; primary: {snapshot.primary or 'none'}"


def _epoch(snapshot: Snapshot) -> str:
    epoch = snapshot.epoch
    if epoch is None:
        return "Epoch: not recorded yet; run `migrate`."
    return f"Epoch: timeline {epoch.timeline}, promoted on {epoch.node}, cluster {epoch.system_id}"


def _plain_node(node: Node, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "name": node.name,
        "region": node.region,
        "role": role_of(node, snapshot),
        "state": state_of(node, snapshot),
        "lag_seconds": round(node.staleness_seconds, 3),
        "lag_bytes": node.lag_bytes,
        "timeline": node.timeline,
        "position": format_lsn(node.lsn),
        "rtt_seconds": round(node.rtt_seconds, 4),
        "sync_standbys": node.sync_standbys,
        "reason": node.reason,
    }
