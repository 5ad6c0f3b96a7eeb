"""Which nodes are there, and what did the last probes find? Immutable values; a round of probes makes new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from reliability.routing.epoch import EpochRecord, current, is_on
from reliability.routing.mode import Mode
from reliability.routing.position import EPOCH_DIGITS, Position


@dataclass(frozen=True, slots=True)
class Address:
    """Where a node is, as configured. Whether it is the primary, its own answer tells."""

    name: str
    host: str
    port: int
    region: str
    weight: int = 1
    """Its share of the readers of its region."""
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """How to connect besides: user, password, sslmode and what else libpq knows, without the database's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node and everything the last probe learned of it. Its defaults are those of one that never answered."""

    address: Address
    is_up: bool = False
    is_writable: bool = False
    """It answered that it is not in recovery; whether it is the primary that counts, its epoch tells."""
    system_id: str = ""
    timeline: int = 0
    """Timeline of the newest epoch row that it has, or of its log on a writable node."""
    epoch_id: str = ""
    """Id of the newest epoch row that it has."""
    lsn: int = 0
    """Bytes replayed, or on a writable node written."""
    receive_lsn: int = 0
    """Bytes received from its primary; at least `lsn`."""
    sampled_at: float = 0.0
    """Monotonic seconds of this process at which `lsn` was true at the earliest."""
    started_at: float = 0.0
    """Start of its server, in seconds since 1970 by its own clock: tells restarts apart, never compared to ours."""
    staleness_seconds: float = 0.0
    """Age of its newest heartbeat, by the clock of this process; infinity when it never had one."""
    lag_bytes: int = 0
    """How far it is behind the freshest node."""
    rtt_seconds: float = 0.0
    """How long a probe takes: the distance between this process and the node."""
    sync_standbys: int | None = None
    """Standbys that a commit on it can wait for; None: it does not have to, or is no primary."""
    is_replay_paused: bool = False
    is_drained: bool = False
    """An operator takes readers off it."""
    is_fenced: bool = False
    """Its history is not the one that counts: no reads, no writes."""
    reason: str = ""
    """Why it is down, drained or fenced, in a few words for people."""
    position: Position = field(init=False, compare=False)
    """How far it was; made with the node, for it is asked for with every connection."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "position", Position(self.timeline, self.lsn, self.epoch_id[:EPOCH_DIGITS]))

    @property
    def name(self) -> str:
        return self.address.name

    @property
    def region(self) -> str:
        return self.address.region

    @property
    def is_readable(self) -> bool:
        return self.is_up and not self.is_fenced


@dataclass(frozen=True)
class Snapshot:
    """What one round of probes found; the answer to every question until the next one."""

    nodes: tuple[Node, ...] = ()
    epochs: tuple[EpochRecord, ...] = ()
    """Every promotion that a node's rows tell, on one cluster."""
    primary: str | None = None
    """Name of the writable node of the current epoch."""
    mode: Mode = Mode.NORMAL
    taken_at: float = 0.0
    """Monotonic seconds; 0: nothing was probed yet."""
    write_share: float = 1.0
    """Which share of the writes may go, 0 to 1."""
    mode_reason: str = ""
    lag_hard_seconds: float | None = None
    """What operators put in place of the option of this name; None: the option holds."""

    @cached_property
    def by_name(self) -> dict[str, Node]:
        return {node.name: node for node in self.nodes}

    @cached_property
    def epoch(self) -> EpochRecord | None:
        """The current epoch; None when none was recorded."""
        return current(self.epochs)

    @cached_property
    def primary_node(self) -> Node | None:
        return self.by_name.get(self.primary) if self.primary else None

    @cached_property
    def system_id(self) -> str:
        """Identifier of the cluster; empty when no node has told it yet."""
        if self.epoch is not None:
            return self.epoch.system_id
        return next((node.system_id for node in self.nodes if node.system_id), "")

    @cached_property
    def readable(self) -> tuple[Node, ...]:
        """Nodes that answer and are on the current epoch."""
        return tuple(node for node in self.nodes if node.is_readable and self.is_on_epoch(node))

    @cached_property
    def slowest(self) -> tuple[int, int] | None:
        """The least timeline and the least LSN that any readable node shows; None when none is readable."""
        if not self.readable:
            return None
        return min(node.timeline for node in self.readable), min(node.lsn for node in self.readable)

    @cached_property
    def memory(self) -> dict[Any, Any]:
        """What was worked out from this snapshot and holds as long as it: for `decision`."""
        return {}

    def is_on_epoch(self, node: Node) -> bool:
        """Tell whether a node follows the history that counts."""
        return is_on(self.epoch, timeline=node.timeline, epoch_id=node.epoch_id)

    def have_all_passed(self, position: Position) -> bool:
        """Tell whether every readable node shows this position: nobody needs to remember it any more."""
        slowest = self.slowest
        return slowest is not None and slowest[0] >= position.timeline and slowest[1] >= position.lsn

    def age_seconds(self, now: float) -> float:
        """Seconds since the probes; infinity before the first."""
        return now - self.taken_at if self.taken_at else float("inf")
