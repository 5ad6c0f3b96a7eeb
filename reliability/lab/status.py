"""How is each part of the lab? Nodes with role, state and lag, and sites that answer or not; as data and as tables."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from reliability.lab.laboratory import Laboratory
from reliability.lab.links import Mode
from reliability.lab.node import Node

STATE = """
SELECT pg_is_in_recovery(),
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0'::pg_lsn,
       CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() <> 'not paused' ELSE false END,
       (SELECT setting::int FROM pg_settings WHERE name = 'recovery_min_apply_delay'),
       (SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'),
       (SELECT received_tli FROM pg_stat_wal_receiver),
       CASE WHEN pg_is_in_recovery() THEN NULL
            ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int END
"""


@dataclass(frozen=True)
class NodeStatus:
    """One line of the table of nodes."""

    node: str
    region: str
    role: str
    """`primary`, `standby`, `old primary` (it accepts writes, and is not the primary), or `-` when it does not say."""
    state: str
    """`up`, `hung`, `down`, `paused`, `delayed N s`, `not following`."""
    timeline: int | None
    position: int | None
    """Bytes of WAL that reads on it have reached."""
    lag_bytes: int | None
    """Behind the primary; None: it cannot be told."""
    port: int
    cut_from: list[str]
    """Regions whose link to it lets nothing pass."""


@dataclass(frozen=True)
class RegionStatus:
    """One line of the table of regions."""

    region: str
    url: str
    answers: bool


def collect(lab: Laboratory) -> dict[str, Any]:
    """Ask every part at the same time; takes about two seconds when one of them hangs unknown to the lab."""
    nodes, regions = list(lab.nodes), list(lab.regions.values())
    with ThreadPoolExecutor(len(nodes) + len(regions)) as pool:
        answers = pool.map(lambda region: region.answers(), regions)
        rows = list(pool.map(lambda node: _describe(lab, node), nodes))
        sites = [RegionStatus(region.name, region.url, answer) for region, answer in zip(regions, answers, strict=True)]
    head = next((row.position for row in rows if row.node == lab.nodes.primary.node), None)
    return {
        "nodes": [asdict(row) | {"lag_bytes": _lag(row, head)} for row in rows],
        "regions": [asdict(site) for site in sites],
    }


def render(status: dict[str, Any]) -> str:
    """Write what `collect` gave as two tables."""
    nodes = [
        [
            row["node"],
            row["region"],
            row["role"],
            row["state"],
            _text(row["timeline"]),
            _size(row["lag_bytes"]),
            str(row["port"]),
            ", ".join(row["cut_from"]) or "-",
        ]
        for row in status["nodes"]
    ]
    regions = [[row["region"], row["url"], "answers" if row["answers"] else "silent"] for row in status["regions"]]
    head = ["NODE", "REGION", "ROLE", "STATE", "TIMELINE", "BEHIND", "PORT", "CUT FROM"]
    return f"{_table(head, nodes)}\n\n{_table(['REGION', 'SITE', 'STATE'], regions)}"


def _describe(lab: Laboratory, node: Node) -> NodeStatus:
    cut = [
        region
        for region in lab.regions
        if any(link.mode is not Mode.OPEN for link in lab.links_to(node, region=region))
    ]
    role, state, timeline, position = _ask(node, is_primary=node is lab.nodes.primary)
    return NodeStatus(node.node, node.region, role, state, timeline, position, None, node.port, cut)


def _ask(node: Node, *, is_primary: bool) -> tuple[str, str, int | None, int | None]:
    if not node.is_running:
        return "-", "down", None, None
    if node.is_hung:
        return "-", "hung", None, None
    try:
        [(is_standby, position, is_paused, delay, streams, received, own)] = node.query(STATE)
    except psycopg.OperationalError:
        return "-", "silent", None, None
    role = "standby" if is_standby else "primary" if is_primary else "old primary"
    state = "up"
    if is_standby and is_paused:
        state = "paused"
    elif is_standby and delay:
        state = f"delayed {delay / 1000:g} s"
    elif is_standby and not streams:
        state = "not following"
    return role, state, own or received, int(position)


def _lag(row: NodeStatus, head: int | None) -> int | None:
    if head is None or row.position is None or row.role != "standby":
        return None
    return max(0, head - row.position)


def _text(value: int | None) -> str:
    return "-" if value is None else str(value)


def _size(count: int | None) -> str:
    if count is None:
        return "-"
    return f"{count} B" if count < 10_000 else f"{count / 1024:.0f} KiB"


def _table(head: list[str], rows: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows])
    return "\n".join(line.rstrip() for line in lines)
