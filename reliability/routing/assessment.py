"""What follows from what the nodes said? Pure: answers in; primary, fenced nodes, lag and mode out.

One `Assessor` lives as long as its prober and remembers what a single round cannot know: which cluster this is, which
epoch counted, how far the primary was when.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from reliability.routing import mode as modes
from reliability.routing.epoch import EpochConflict, EpochRecord, current, decide
from reliability.routing.lag import LagClock
from reliability.routing.mode import ModeState, Observation, Obstacle
from reliability.routing.options import Options
from reliability.routing.probe_query import Answer, Order
from reliability.routing.topology import Address, Node, Snapshot

MIN_NODES_FOR_MAJORITY = 3
EPOCH_ID_BYTES = 8
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What is known of one node now."""

    answer: Answer | None = None
    """Its last answer; None: it never gave one."""
    is_up: bool = False
    reason: str = "not probed yet"
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
        self._known: EpochRecord | None = None
        self._has_seen_majority = False
        self._proposals: dict[int, str] = {}
        self._lag = LagClock()

    def assess(self, sightings: Mapping[str, Sighting], *, now: float) -> Assessment:
        """Judge the nodes. `sightings` has one entry for each configured node, in order of configuration."""
        self._identify(sightings)
        mine = {name: answer for name, answer in _answers(sightings).items() if answer.system_id == self._system_id}
        orders = _orders(mine)
        fenced = {order.node for order in orders if order.kind == "fence"}
        conflict, to_record = self._settle_epoch(mine, fenced=fenced)
        primary = None if conflict else self._primary(mine, fenced=fenced)
        self._lag.note(mine, primary=primary, now=now)
        nodes = tuple(
            self._node(address, sightings[address.name], orders=orders, fenced=fenced, now=now)
            for address in self._options.nodes
        )
        obstacle = self._obstacle(nodes, mine.get(primary or ""), orders, conflict=conflict)
        self._step(primary, obstacle, now=now)
        return Assessment(self._snapshot(nodes, mine, primary, now=now), to_record)

    def _identify(self, sightings: Mapping[str, Sighting]) -> None:
        """Learn which cluster this is, once: that of the first configured node, else of most that answer."""
        if self._system_id:
            return
        ids = [answer.system_id for answer in _answers(sightings).values()]
        first = next(iter(sightings.values()), Sighting()).answer
        if first is not None:
            self._system_id = first.system_id
        elif ids:
            self._system_id = max(ids, key=ids.count)

    def _settle_epoch(
        self, answers: Mapping[str, Answer], *, fenced: set[str]
    ) -> tuple[EpochConflict | None, EpochRecord | None]:
        """Decide which epoch counts; returns a conflict, and the promotion that nobody has recorded yet."""
        claims = [claim for name, answer in answers.items() if (claim := _claim(name, answer)) is not None]
        conflict: EpochConflict | None = None
        try:
            newest = decide(claims, known=self._known, fenced=fenced)
            if newest is not None and self._are_two_recorded(claims, answers, newest, fenced):
                conflict = EpochConflict(newest.timeline)
        except EpochConflict as error:
            # Readers must be served all the same, and by the same side in every process.
            conflict, newest = error, min(claims, key=lambda claim: (-claim.timeline, claim.epoch_id))
        if newest is not None:
            self._change_epoch(newest)
        unrecorded = {name: answer for name, answer in answers.items() if self._is_unrecorded(name, answer, fenced)}
        if len(unrecorded) > 1 and len({answer.timeline for answer in unrecorded.values()}) == 1:
            return EpochConflict(next(iter(unrecorded.values())).timeline), None
        highest = max(unrecorded, key=lambda name: unrecorded[name].timeline, default=None)
        return conflict, self._proposal(highest, unrecorded[highest]) if highest else None

    def _are_two_recorded(
        self, claims: Sequence[EpochRecord], answers: Mapping[str, Answer], newest: EpochRecord, fenced: set[str]
    ) -> bool:
        """Two writable nodes with different recorded ids on one timeline: each may have been believed by someone."""
        ids = {
            claim.epoch_id
            for claim in claims
            if claim.timeline == newest.timeline and claim.node not in fenced and not answers[claim.node].is_standby
        }
        return len(ids) > 1

    def _change_epoch(self, newest: EpochRecord) -> None:
        if self._known is not None and newest.epoch_id != self._known.epoch_id:
            logger.warning("%s was promoted to timeline %d", newest.node, newest.timeline)
        self._known = newest

    def _is_unrecorded(self, name: str, answer: Answer, fenced: set[str]) -> bool:
        """Tell whether a writable node has begun an epoch that has no row yet, and may be the one that counts."""
        if answer.is_standby or answer.rows is None or name in fenced:
            return False
        if any(epoch.timeline == answer.timeline for epoch in answer.rows.epochs):
            return False
        known = self._known
        # With the same timeline it is the node whose row was there before, and somebody emptied the table.
        is_emptied = known is not None and (answer.timeline, name) == (known.timeline, known.node)
        return known is None or answer.timeline > known.timeline or is_emptied

    def _proposal(self, name: str, answer: Answer) -> EpochRecord:
        known = self._known
        if known is not None and known.timeline == answer.timeline:
            return known
        epoch_id = self._proposals.setdefault(answer.timeline, secrets.token_hex(EPOCH_ID_BYTES))
        rows = answer.rows.epochs if answer.rows else ()
        previous = max((epoch.timeline for epoch in rows), default=0)
        fork = (answer.fork_lsn or 0) if previous else 0
        return EpochRecord(answer.system_id, answer.timeline, epoch_id, fork, previous, name)

    def _primary(self, answers: Mapping[str, Answer], *, fenced: set[str]) -> str | None:
        """Find the writable node of the epoch that counts."""
        writable = [name for name, answer in answers.items() if not answer.is_standby and name not in fenced]
        if self._known is None:
            # Not migrated yet: nothing but the timeline tells.
            bare = [name for name in writable if answers[name].rows is None]
            return max(bare, key=lambda name: answers[name].timeline, default=None)
        known = self._known
        for name in writable:
            claim = _claim(name, answers[name])
            if claim is not None and claim.epoch_id == known.epoch_id and answers[name].timeline == known.timeline:
                return name
        return None

    def _node(
        self, address: Address, sighting: Sighting, *, orders: Sequence[Order], fenced: set[str], now: float
    ) -> Node:
        answer = sighting.answer
        if answer is None:
            return Node(address=address, reason=sighting.reason)
        claim = _claim(address.name, answer) if answer.system_id == self._system_id else None
        node = Node(
            address=address,
            is_up=sighting.is_up,
            is_writable=not answer.is_standby,
            system_id=self._system_id if answer.system_id == self._system_id else "",
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
        return replace(node, is_fenced=True, reason=why) if why else self._explain(node, orders)

    def _why_fenced(self, node: Node, answer: Answer, *, fenced: set[str]) -> str:
        known = self._known
        if answer.system_id != self._system_id:
            return f"another cluster: system identifier {answer.system_id}, not {self._system_id}"
        if node.name in fenced:
            return "fenced by an operator"
        if not node.is_writable or known is None or self._is_unrecorded(node.name, answer, fenced):
            return ""
        if (node.timeline, node.epoch_id) != (known.timeline, known.epoch_id):
            return f"a former primary: timeline {node.timeline}, {known.node} is on {known.timeline}"
        return ""

    def _explain(self, node: Node, orders: Sequence[Order]) -> Node:
        """Say why a node that answers gets no readers."""
        if not node.is_up or node.reason:
            return node
        if node.is_drained:
            told = next(order.reason for order in orders if order.kind == "drain" and order.node in ("", node.name))
            return replace(node, reason=f"drained: {told}")
        known = self._known
        if known is not None and (node.timeline, node.epoch_id) != (known.timeline, known.epoch_id):
            return replace(node, reason=f"has not seen the promotion of {known.node} to timeline {known.timeline}")
        return node

    def _obstacle(
        self, nodes: Sequence[Node], primary: Answer | None, orders: Sequence[Order], *, conflict: EpochConflict | None
    ) -> Obstacle | None:
        reached = sum(node.is_up for node in nodes)
        self._has_seen_majority = self._has_seen_majority or 2 * reached >= len(nodes)
        if any(order.kind == "read_only" for order in orders):
            return Obstacle.OPERATOR
        if conflict is not None:
            return Obstacle.EPOCH_CONFLICT
        is_small = len(nodes) < MIN_NODES_FOR_MAJORITY or self._has_seen_majority or self._options.trust_primary
        if not is_small and not any(node.reason == "not probed yet" for node in nodes):
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
            logger.warning("writes: %s (%s)", self._mode.mode, self._mode.reason or "a primary answers")

    def _snapshot(
        self, nodes: tuple[Node, ...], answers: Mapping[str, Answer], primary: str | None, *, now: float
    ) -> Snapshot:
        epochs = {epoch.timeline: epoch for answer in answers.values() if answer.rows for epoch in answer.rows.epochs}
        if self._known is not None:
            epochs = {timeline: epoch for timeline, epoch in epochs.items() if timeline < self._known.timeline}
            epochs[self._known.timeline] = self._known
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


def _claim(name: str, answer: Answer) -> EpochRecord | None:
    """The epoch that a node stands for: on a writable one that of its own timeline, else its newest row."""
    epochs = answer.rows.epochs if answer.rows else ()
    if not answer.is_standby:
        epochs = tuple(epoch for epoch in epochs if epoch.timeline == answer.timeline)
    newest = current(epochs)
    return None if newest is None else replace(newest, node=newest.node if answer.is_standby else name)


def _orders(answers: Mapping[str, Answer]) -> tuple[Order, ...]:
    """Orders in force, of the nodes that are up: a standby may have them when the primary is gone."""
    newest = max(answers.values(), key=lambda answer: answer.rows.beat if answer.rows else -1, default=None)
    return newest.rows.orders if newest is not None and newest.rows is not None else ()
