"""How does a snapshot look on a dashboard? Each newer one sets the gauges."""

import time

from reliability.routing import current, metrics
from reliability.routing.mode import Mode
from reliability.routing.snapshots import STALE_SECONDS
from reliability.routing.topology import Node, Snapshot


def show(snapshot: Snapshot) -> None:
    """Set the gauges of all nodes and of the mode."""
    metrics.snapshot_age_seconds.set(0)
    metrics.split_brain.set(snapshot.mode_reason == "epoch_conflict" or _has_rival(snapshot))
    for mode in Mode:
        metrics.mode.labels(mode).set(mode is snapshot.mode)
    for node in snapshot.nodes:
        _show_node(node, snapshot)
    _show_primary(snapshot)


def look() -> None:
    """Show how old the newest snapshot is."""
    show_age(current.snapshot(), now=time.monotonic())


def show_age(snapshot: Snapshot, *, now: float) -> None:
    """Set the age of a snapshot that no newer one has replaced in time; `now` in monotonic seconds.

    Looked at whenever notes are settled: a prober that stands still cannot do it.
    """
    if snapshot.taken_at and (age := snapshot.age_seconds(now)) > STALE_SECONDS:
        metrics.snapshot_age_seconds.set(age)


def _has_rival(snapshot: Snapshot) -> bool:
    return any(node.is_fenced and node.is_writable and node.is_up and node.system_id for node in snapshot.nodes)


def _show_node(node: Node, snapshot: Snapshot) -> None:
    for role in ("primary", "replica"):
        is_role = (node.name == snapshot.primary) == (role == "primary")
        metrics.node_info.labels(node.name, node.region, role).set(is_role)
    metrics.node_up.labels(node.name).set(node.is_up)
    metrics.node_fenced.labels(node.name).set(node.is_fenced)
    metrics.replay_lag_bytes.labels(node.name).set(node.lag_bytes)
    metrics.staleness_seconds.labels(node.name).set(node.staleness_seconds)


def _show_primary(snapshot: Snapshot) -> None:
    primary = snapshot.primary_node
    if primary is None:
        return
    received = max((node.receive_lsn for node in snapshot.readable if node.name != primary.name), default=None)
    behind = 0 if received is None else max(0, primary.lsn - received)
    metrics.unreplicated_bytes.labels(primary.name).set(behind)
    if primary.sync_standbys is not None:
        metrics.sync_standbys.labels(primary.name).set(primary.sync_standbys)
