"""What follows from what the nodes said? Pure: answers in; primary, fenced nodes, lag and mode out.

One `Assessor` lives as long as its prober and remembers what a single round cannot know: which cluster this is, which
epoch counted, how far the primary was when.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reliability.routing import mode as modes
from reliability.routing.epoch import EpochRecord
from reliability.routing.lag import LagClock
from reliability.routing.lineage import Lineage
from reliability.routing.mode import ModeState, Observation, Obstacle
from reliability.routing.options import Options
from reliability.routing.probe_query import Answer, Order
from reliability.routing.topology import Address, Node, Snapshot

MIN_NODES_FOR_MAJORITY = 3
NOT_PROBED = "not probed yet"
CLUSTER_UNKNOWN = "which cluster this is, is not known yet"
"""The first configured node, or all others, have to answer before any is believed."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of one node now."""

    answer: Answer | None = None
    """Its last answer; None: it never gave one."""
    is_up: bool = False
    reason: str = NOT_PROBED
    """Why it is down."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A snapshot, and the promotion that must be recorded before its node counts."""

    snapshot: Snapshot
    to_record: EpochRecord | None = None


class Assessor:
    """Turns sightings into snapshots."""

    def __init__(self, options: Options, *, now: float) -> None:
        self._options = options
        self._mode: ModeState = modes.start(now)
        self._system_id = ""
        self._lineage = Lineage()
        self._has_seen_majority = False
        self._lag = LagClock()
        self._told: dict[str, str] = {}

    def assess(self, sightings: Mapping[str, Sighting], *, now: float) -> Assessment:
        """Judge the nodes. `sightings` has one entry for each configured node, in order of configuration."""
        self._identify(sightings)
        mine = {name: answer for name, answer in _answers(sightings).items() if answer.system_id == self._system_id}
        orders = _orders(mine)
        fenced = {order.node for order in orders if order.kind == "fence"}
        settled = self._lineage.settle(mine, fenced=fenced)
        primary = settled.primary
        self._lag.note(mine, primary=primary, now=now)
        nodes = tuple(
            self._node(address, sightings[address.name], orders=orders, fenced=fenced, now=now)
            for address in self._options.nodes
        )
        obstacle = self._obstacle(nodes, mine.get(primary or ""), orders, is_conflict=settled.is_conflict)
        self._step(primary, obstacle, now=now)
        snapshot = replace(self._snapshot(nodes, mine, primary, now=now), lag_hard_seconds=_lag_limit(orders))
        return Assessment(snapshot, settled.to_record)

    def _identify(self, sightings: Mapping[str, Sighting]) -> None:
        """Learn which cluster this is, once: that of the first configured node, else of most that answer."""
        if self._system_id:
            return
        first = next(iter(sightings.values()), Sighting())
        if first.answer is not None:
            self._system_id = first.answer.system_id
        elif all(sighting.reason != NOT_PROBED for sighting in sightings.values()):
            # Whoever answers first proves nothing, so everybody was asked before the others decide.
            ids = [answer.system_id for answer in _answers(sightings).values()]
            self._system_id = max(ids, key=ids.count, default="")

    def _node(
        self, address: Address, sighting: Sighting, *, orders: Sequence[Order], fenced: set[str], now: float
    ) -> Node:
        answer = sighting.answer
        if answer is None:
            return Node(address=address, reason=sighting.reason)
        is_mine = answer.system_id == self._system_id
        claim = self._lineage.claim_of(address.name, answer) if is_mine else None
        node = Node(
            address=address,
            is_up=sighting.is_up,
            is_writable=not answer.is_standby,
            system_id=self._system_id if is_mine else "",
            timeline=answer.timeline or (claim.timeline if claim else 0),
            epoch_id=claim.epoch_id if claim else "",
            lsn=answer.lsn,
            receive_lsn=answer.receive_lsn,
            sampled_at=answer.sampled_at,
            started_at=answer.started_at,
            staleness_seconds=self._lag.seconds_behind(answer),
            lag_bytes=self._lag.bytes_behind(answer),
            rtt_seconds=answer.rtt_seconds,
            sync_standbys=answer.sync_standbys,
            is_replay_paused=answer.is_replay_paused,
            is_drained=any(order.kind == "drain" and order.node in ("", address.name) for order in orders),
            reason="" if sighting.is_up else sighting.reason,
        )
        why = self._why_fenced(node, answer, fenced=fenced)
        self._tell_fenced(node.name, why)
        return replace(node, is_fenced=True, reason=why) if why else self._explain(node, orders)

    def _tell_fenced(self, name: str, why: str) -> None:
        """Say it once, not with every probe; that others have not answered yet is no news."""
        if why not in ("", CLUSTER_UNKNOWN) and self._told.get(name) != why:
            logger.error("node %s is refused: %s", name, why)
        self._told[name] = why

    def _why_fenced(self, node: Node, answer: Answer, *, fenced: set[str]) -> str:
        if not self._system_id:
            return CLUSTER_UNKNOWN
        if answer.system_id != self._system_id:
            return f"another cluster: system identifier {answer.system_id}, not {self._system_id}"
        if node.name in fenced:
            return "fenced by an operator"
        known = self._lineage.known
        if known is not None and self._lineage.is_former(node.name, answer, fenced=fenced):
            return f"a former primary: timeline {node.timeline}, {known.node} is on {known.timeline}"
        return ""

    def _explain(self, node: Node, orders: Sequence[Order]) -> Node:
        """Say why a node that answers gets no readers."""
        if not node.is_up or node.reason:
            return node
        if node.is_drained:
            told = next(order.reason for order in orders if order.kind == "drain" and order.node in ("", node.name))
            return replace(node, reason=f"drained: {told}")
        known = self._lineage.known
        if known is not None and (node.timeline, node.epoch_id) != (known.timeline, known.epoch_id):
            return replace(node, reason=f"has not seen the promotion of {known.node} to timeline {known.timeline}")
        return node

    def _obstacle(
        self, nodes: Sequence[Node], primary: Answer | None, orders: Sequence[Order], *, is_conflict: bool
    ) -> Obstacle | None:
        reached = sum(node.is_up for node in nodes)
        self._has_seen_majority = self._has_seen_majority or 2 * reached >= len(nodes)
        if any(order.kind == "read_only" for order in orders):
            return Obstacle.OPERATOR
        if is_conflict:
            return Obstacle.EPOCH_CONFLICT
        is_small = len(nodes) < MIN_NODES_FOR_MAJORITY or self._has_seen_majority or self._options.trust_primary
        if not is_small and not any(node.reason == NOT_PROBED for node in nodes):
            return Obstacle.MINORITY
        if primary is not None and primary.sync_standbys is not None and primary.sync_standbys < primary.sync_needed:
            return Obstacle.NO_SYNC_STANDBY
        return None

    def _step(self, primary: str | None, obstacle: Obstacle | None, *, now: float) -> None:
        before = self._mode
        self._mode = modes.step(
            before, Observation(primary is not None, obstacle), now=now, hold_seconds=self._options.write_hold_seconds
        )
        if self._mode.mode is not before.mode:
            level = logging.INFO if self._mode.mode is modes.Mode.NORMAL else logging.WARNING
            logger.log(level, "writes: %s (%s)", self._mode.mode, self._mode.reason or "a primary answers")

    def _snapshot(
        self, nodes: tuple[Node, ...], answers: Mapping[str, Answer], primary: str | None, *, now: float
    ) -> Snapshot:
        epochs = {epoch.timeline: epoch for answer in answers.values() if answer.rows for epoch in answer.rows.epochs}
        if (known := self._lineage.known) is not None:
            epochs = {timeline: epoch for timeline, epoch in epochs.items() if timeline < known.timeline}
            epochs[known.timeline] = known
        return Snapshot(
            nodes=nodes,
            epochs=tuple(epochs.values()),
            primary=primary,
            mode=self._mode.mode,
            taken_at=now,
            write_share=modes.write_share(self._mode, now=now),
            mode_reason=self._mode.reason,
        )


def _answers(sightings: Mapping[str, Sighting]) -> dict[str, Answer]:
    return {name: seen.answer for name, seen in sightings.items() if seen.is_up and seen.answer is not None}


def _lag_limit(orders: Sequence[Order]) -> float | None:
    """Find the longest lag that operators allow, in seconds; None: they say nothing of it."""
    return next((order.value for order in orders if order.kind == "lag_hard_seconds" and order.value), None)


def _orders(answers: Mapping[str, Answer]) -> tuple[Order, ...]:
    """Orders in force, of the nodes that are up: a standby may have them when the primary is gone."""
    newest = max(answers.values(), key=lambda answer: answer.rows.beat if answer.rows else -1, default=None)
    return newest.rows.orders if newest is not None and newest.rows is not None else ()
