"""Who becomes the primary when the old one is gone? In the lab, the standby that has most, after a fence.

Outside of the lab, CloudNativePG, Patroni or the provider of the database promotes, and the application follows.
"""

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg

from reliability.lab.asking import NodeFailed
from reliability.lab.cluster import Cluster
from reliability.lab.node import Node
from reliability.routing.probe_query import RECORD

SETTLE_SECONDS = 10
"""How long a standby may go on receiving after it was told to stop."""
POLL_SECONDS = 0.02
EPOCH_TABLE = "reliability_routing_epoch"


class PromotionRefused(Exception):
    """Promoting now could lose more than it must; nothing is promoted, and the message says what helps."""


@dataclass(frozen=True)
class Promotion:
    """What became of the nodes."""

    node: str
    position: str
    """Where the new timeline begins."""
    followers: tuple[str, ...]
    left_behind: tuple[str, ...]
    """Standbys that did not answer; they need `rejoin`."""
    fenced: str | None
    """The old primary, which was ended; None: it was left as it is."""
    seconds: float


def record_epoch(node: Node) -> None:
    """Write the row that tells every process and every standby which history is true, where there is a table for it."""
    if node.value("SELECT to_regclass(%s)", [EPOCH_TABLE]) is None:
        return
    sql = """
        SELECT (SELECT system_identifier FROM pg_control_system())::text,
               ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::int,
               pg_last_wal_replay_lsn() - '0/0'::pg_lsn
    """
    [(system_id, timeline, fork)] = node.query(sql)
    values = {"system_id": system_id, "timeline": timeline, "previous_timeline": timeline - 1, "fork_lsn": fork}
    node.query(RECORD, {**values, "epoch_id": secrets.token_hex(16), "node": node.node})


class LocalPromoter:
    """Promotes a standby of a cluster on this machine, whose processes it may end.

    `quorum`: how many standbys confirm each commit; 0: none does, and the last acknowledged writes may be lost.
    `record` is called with the new primary before anybody is told to follow it.
    """

    def __init__(self, cluster: Cluster, *, quorum: int = 0, record: Callable[[Node], None] = record_epoch) -> None:
        self._cluster = cluster
        self._quorum = quorum
        self._record = record

    def promote(self, name: str | None = None, *, fence: bool = True) -> Promotion:
        """Promote the standby `name`, or the one that has most, and let the others follow it.

        An old primary that is well is shut down first, so that the standbys get all of it; one that hangs is ended at
        the end. `fence=False` leaves it as it is: it may accept writes that exist nowhere else.
        Raises PromotionRefused, after which everything is as it was, and NodeFailed.
        """
        began = time.monotonic()
        old = self._cluster.primary
        reachable = [node for node in self._cluster.standbys if _answers(node)]
        self._check(name, reachable)
        fenced = old.node if fence and old.is_running else None
        if fenced and not old.is_hung:
            old.shut_down()
        for node in reachable:
            _stop_receiving(node)
        try:
            chosen = _choose(name, {node.node: _received(node) for node in reachable})
        except PromotionRefused:
            _undo(old, reachable, must_start=fenced is not None)
            raise
        self._cluster.promote(chosen)
        new = self._cluster[chosen]
        self._record(new)
        if fenced:
            old.kill()
        followers = tuple(_repoint(new, [node for node in reachable if node is not new]))
        return Promotion(
            node=chosen,
            position=new.value("SELECT pg_last_wal_replay_lsn()"),
            followers=followers,
            left_behind=tuple(
                node.node for node in self._cluster if node not in (new, old) and node.node not in followers
            ),
            fenced=fenced,
            seconds=time.monotonic() - began,
        )

    def rejoin(self, name: str) -> float:
        """End a node, throw away what it alone has, and let it follow the primary; gives the seconds it took.

        Raises PromotionRefused for the primary itself, CommandFailed, ServerFailed, NodeFailed.
        """
        began = time.monotonic()
        if self._cluster[name] is self._cluster.primary:
            raise PromotionRefused(f"{name} is the primary; promote another node first.")
        self._cluster.rejoin(name)
        return time.monotonic() - began

    def _check(self, name: str | None, reachable: list[Node]) -> None:
        """Of N standbys, W have each acknowledged commit: one of R standbys has it for sure if R + W > N."""
        total, names = len(self._cluster.standbys), [node.node for node in reachable]
        if not names:
            raise PromotionRefused("No standby answers; start or resume one first.")
        if name is not None and name not in names:
            raise PromotionRefused(f"{name} is no standby that answers; these do: {', '.join(names)}.")
        if self._quorum and len(names) + self._quorum <= total:
            raise PromotionRefused(
                f"{len(names)} of {total} standbys answer and {self._quorum} confirm each commit, so none of these "
                f"may have the last one; start or resume {total - self._quorum - len(names) + 1} more."
            )


def _choose(name: str | None, positions: dict[str, int]) -> str:
    best = max(positions, key=lambda node: positions[node])
    if name is None:
        return best
    if positions[name] < positions[best]:
        missing = positions[best] - positions[name]
        raise PromotionRefused(f"{name} lacks {missing} bytes that {best} has; promote {best}.")
    return name


def _undo(old: Node, standbys: list[Node], *, must_start: bool) -> None:
    if must_start and not old.is_running:
        old.start()
    for standby in standbys:
        standby.aim_at(old)


def _answers(node: Node) -> bool:
    if not node.is_running or node.is_hung:
        return False
    try:
        return node.is_in_recovery()
    except psycopg.OperationalError:
        return False


def _stop_receiving(standby: Node) -> None:
    """Let it follow nobody: an old primary that lives on reaches no quorum, and what it has stays comparable."""
    # A paused or delayed replay would not notice that its source has changed, and go on receiving.
    standby.resume_replay()
    standby.configure({"primary_conninfo": "", "recovery_min_apply_delay": "0"})
    deadline = time.monotonic() + SETTLE_SECONDS
    while standby.value("SELECT count(*) FROM pg_stat_wal_receiver"):
        if time.monotonic() > deadline:
            raise NodeFailed(f"{standby.node} still receives from the old primary after {SETTLE_SECONDS} s.")
        time.sleep(POLL_SECONDS)


def _received(standby: Node) -> int:
    # A node that started without its source has received nothing yet, and replayed what it had.
    sql = "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn"
    return int(standby.value(sql))


def _repoint(primary: Node, standbys: list[Node]) -> Iterator[str]:
    for standby in standbys:
        primary.keep_wal_for(standby)
        standby.follow(primary)
        yield standby.node
