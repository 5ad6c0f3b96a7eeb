"""How do the regions and their databases look to people? Pure: snapshot in, plain values for a template out."""

from collections.abc import Sequence
from dataclasses import dataclass

from reliability.routing.decision import LagLimits, Reason, order
from reliability.routing.tables import role_of, size, state_of
from reliability.routing.topology import Node, Snapshot
from reliability.wording import say as _

TROUBLED = frozenset({"fenced", "down", "other epoch"})
STALE_SECONDS = 3.0
"""Age from which the picture says how old it is."""


@dataclass(frozen=True, slots=True)
class NodePicture:
    """A node, in words."""

    name: str
    role: str
    state: str
    tone: str
    """`good`, `warn` or `bad`: a color, beside the words."""
    lag: str
    """How far it is behind; empty for the primary and for a node that does not answer."""
    reads_of: tuple[str, ...]
    """Regions whose readers it serves."""
    copies_from: str
    """The primary that it follows; empty when there is none, or it follows another history."""
    reason: str


@dataclass(frozen=True, slots=True)
class RegionPicture:
    """A region: its nodes, and who answers its readers."""

    name: str
    is_here: bool
    """This process is in it."""
    nodes: tuple[NodePicture, ...]
    read_from: tuple[str, ...]
    """Names of the nodes that answer its readers, as seen from here; empty: nobody does."""
    is_served_at_home: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """All regions, and whether people can write."""

    regions: tuple[RegionPicture, ...]
    primary: str
    primary_region: str
    mode: str
    mode_reason: str
    age_seconds: float | None
    """How old it is, when that is worth a word; None: it is fresh, or nothing was looked at yet."""
    is_known: bool
    """The nodes were asked."""


def picture(snapshot: Snapshot, *, here: str, limits: LagLimits, now: float) -> Picture:
    """Draw a snapshot for a process in the region `here`; `now` in monotonic seconds.

    Distances are those of this process, so for a region without a node that answers, the substitute is the one that
    readers here would get.
    """
    names = dict.fromkeys(node.region for node in snapshot.nodes) | ({here: None} if here else {})
    answering = {name: _answering(snapshot, name, limits) for name in names}
    primary, age = snapshot.primary_node, snapshot.age_seconds(now)
    return Picture(
        regions=tuple(_region(name, snapshot, answering, here=here) for name in names),
        primary=primary.name if primary else "",
        primary_region=primary.region if primary else "",
        mode=snapshot.mode.value,
        mode_reason=snapshot.mode_reason,
        age_seconds=age if snapshot.taken_at and age > STALE_SECONDS else None,
        is_known=bool(snapshot.taken_at),
    )


def _answering(snapshot: Snapshot, region: str, limits: LagLimits) -> tuple[str, ...]:
    """Name the nodes that share the readers of a region; outside of it there is one, the best."""
    candidates = order(snapshot, region=region, limits=limits)
    local = [each.node for each in candidates if each.reason is Reason.LOCAL]
    standbys = [node.name for node in local if node.name != snapshot.primary]
    return tuple(standbys or [each.node.name for each in candidates[:1]])


def _region(name: str, snapshot: Snapshot, answering: dict[str, tuple[str, ...]], *, here: str) -> RegionPicture:
    nodes = [node for node in snapshot.nodes if node.region == name]
    return RegionPicture(
        name=name,
        is_here=name == here,
        nodes=tuple(_node(node, snapshot, answering) for node in nodes),
        read_from=answering[name],
        is_served_at_home=_is_at_home(answering[name], nodes),
    )


def _is_at_home(names: Sequence[str], nodes: Sequence[Node]) -> bool:
    return bool(names) and set(names) <= {node.name for node in nodes}


def _node(node: Node, snapshot: Snapshot, answering: dict[str, tuple[str, ...]]) -> NodePicture:
    role, state = role_of(node, snapshot), state_of(node, snapshot)
    is_follower = role == "standby" and node.is_up and snapshot.is_on_epoch(node)
    return NodePicture(
        name=node.name,
        role=role,
        state=_named(state),
        tone="good" if state == "up" else "bad" if state in TROUBLED else "warn",
        lag=_lag(node) if role == "standby" and node.is_up else "",
        reads_of=tuple(region for region, names in answering.items() if node.name in names),
        copies_from=(snapshot.primary or "") if is_follower else "",
        reason=node.reason,
    )


def _named(state: str) -> str:
    """Give the word for a state in the language in use."""
    return {
        "fenced": _("fenced"),
        "down": _("down"),
        "drained": _("drained"),
        "other epoch": _("other epoch"),
        "paused": _("paused"),
        "up": _("up"),
    }[state]


def _lag(node: Node) -> str:
    seconds = _("unknown age") if node.staleness_seconds == float("inf") else f"{node.staleness_seconds:.1f} s"
    return f"{seconds}, {size(node.lag_bytes)}"
