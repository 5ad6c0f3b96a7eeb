"""What does one probe ask, and what does the answer say? One statement for primary and standby alike."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reliability.routing.epoch import EpochRecord

IDENTITY = """
SELECT (SELECT system_identifier FROM pg_control_system())::text,
       extract(epoch FROM pg_postmaster_start_time())::float8
"""
STATE = """
SELECT is_standby,
       CASE WHEN is_standby THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END - '0/0'::pg_lsn,
       CASE WHEN is_standby THEN pg_last_wal_receive_lsn() END - '0/0'::pg_lsn,
       CASE WHEN is_standby THEN pg_is_wal_replay_paused() ELSE false END,
       CASE WHEN is_standby THEN 0
            ELSE ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int END,
       CASE WHEN NOT is_standby THEN pg_last_wal_replay_lsn() END - '0/0'::pg_lsn,
       current_setting('synchronous_standby_names'),
       CASE WHEN NOT is_standby THEN (
            SELECT CASE WHEN bool_or(sync_state IS NULL) THEN NULL
                   ELSE count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')) END FROM pg_stat_replication) END
"""
"""`sync_state` is hidden from roles without pg_monitor; then the number is NULL, and nothing is concluded from it."""
ROWS = """,
       (SELECT json_agg(json_build_array(timeline, epoch_id, fork_lsn, previous_timeline, node))
          FROM reliability_routing_epoch WHERE system_id = %(system_id)s),
       (SELECT json_build_array(beat, extract(epoch FROM at), extract(epoch FROM clock_timestamp() - at))
          FROM reliability_routing_heartbeat),
       (SELECT json_agg(json_build_array(kind, node, value, reason))
          FROM reliability_routing_override WHERE expires_at > clock_timestamp())
"""
FROM = " FROM (SELECT pg_is_in_recovery() AS is_standby OFFSET 0) AS state"
PROBE = STATE + ROWS + FROM
BARE_PROBE = STATE + FROM
"""For a database that is not migrated yet, or whose tables are locked."""
BARE_COLUMNS = 8
BEAT = """
INSERT INTO reliability_routing_heartbeat AS mine (id, beat, at) VALUES (1, 1, clock_timestamp())
ON CONFLICT (id) DO UPDATE SET beat = mine.beat + 1, at = clock_timestamp()
WHERE mine.at < clock_timestamp() - interval '900 ms'
"""
BEAT_SECONDS = 0.9
RECORD = """
INSERT INTO reliability_routing_epoch (system_id, timeline, epoch_id, fork_lsn, previous_timeline, node)
VALUES (%(system_id)s, %(timeline)s, %(epoch_id)s, %(fork_lsn)s, %(previous_timeline)s, %(node)s)
ON CONFLICT DO NOTHING
"""
SYNC_COUNT = re.compile(r"^\s*(?:any|first)?\s*(\d+)\s*\(", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """An override of an operator that is in force."""

    kind: str
    node: str
    """Empty: all nodes."""
    value: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the tables of routing say on one node."""

    epochs: tuple[EpochRecord, ...] = ()
    beat: int = 0
    beat_at: float = 0.0
    """Seconds since 1970 by the clock of the primary."""
    beat_age: float = float("inf")
    """Seconds, by the clock of the node that was asked: to be believed on the primary only."""
    orders: tuple[Order, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a node said to one probe."""

    system_id: str
    started_at: float
    is_standby: bool
    lsn: int
    receive_lsn: int
    is_replay_paused: bool = False
    timeline: int = 0
    """That of its log on a writable node; 0 on a standby, which does not know it."""
    fork_lsn: int | None = None
    """Where a writable node ended its recovery; None: it was never promoted since its server started."""
    sync_standbys: int | None = None
    sync_needed: int = 0
    """How many standbys a commit waits for."""
    rows: Rows | None = None
    """None: the tables do not exist yet."""
    sampled_at: float = 0.0
    """Monotonic seconds at which the probe was sent."""
    rtt_seconds: float = 0.0


def parse(row: Sequence[Any], *, identity: tuple[str, float], sampled_at: float, rtt_seconds: float) -> Answer:
    """Read the answer to PROBE or BARE_PROBE."""
    system_id, started_at = identity
    is_standby, lsn, receive_lsn, is_paused, timeline, fork_lsn, sync_names, sync_count, *tables = row
    needed = 0 if is_standby else sync_needed(sync_names)
    return Answer(
        system_id=system_id,
        started_at=started_at,
        is_standby=is_standby,
        lsn=int(lsn or 0),
        receive_lsn=int(receive_lsn or lsn or 0),
        is_replay_paused=is_paused,
        timeline=timeline,
        fork_lsn=None if fork_lsn is None else int(fork_lsn),
        sync_standbys=sync_count if needed else None,
        sync_needed=needed,
        rows=_rows(system_id, *tables) if tables else None,
        sampled_at=sampled_at,
        rtt_seconds=rtt_seconds,
    )


def sync_needed(names: str) -> int:
    """Read `synchronous_standby_names`: how many standbys a commit waits for; 0: for none."""
    if not names.strip():
        return 0
    counted = SYNC_COUNT.match(names)
    return int(counted[1]) if counted else 1


def _rows(system_id: str, epochs: Any, heartbeat: Any, orders: Any) -> Rows:
    beat, beat_at, beat_age = _plain(heartbeat) or (0, 0.0, float("inf"))
    return Rows(
        epochs=tuple(
            EpochRecord(system_id, timeline, epoch_id, fork_lsn or 0, previous, node)
            for timeline, epoch_id, fork_lsn, previous, node in _plain(epochs) or ()
        ),
        beat=beat,
        beat_at=float(beat_at),
        beat_age=float(beat_age),
        orders=tuple(Order(*order) for order in _plain(orders) or ()),
    )


def _plain(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value
