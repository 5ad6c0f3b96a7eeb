"""Which promotion counts, and who may write? Pure: the nodes' epoch rows, and what this process knew before."""

import logging
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from reliability.routing.epoch import EpochConflict, EpochRecord, current, decide
from reliability.routing.probe_query import Answer

EPOCH_ID_BYTES = 8
logger = logging.getLogger(__name__)
Answers = Mapping[str, Answer]
"""Of the nodes that are up and of this cluster, by name."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """Who may write, and what stands in the way."""

    primary: str | None
    """The writable node of the epoch that counts; None: there is none, or two."""
    is_conflict: bool = False
    """Two nodes were promoted to one timeline, and nothing decides between them."""
    to_record: EpochRecord | None = None
    """A promotion that nobody has recorded yet; its node counts when the row is there."""


class Lineage:
    """Remembers the epoch that counts."""

    def __init__(self) -> None:
        self.known: EpochRecord | None = None
        self._proposals: dict[tuple[str, int], str] = {}

    def settle(self, answers: Answers, *, fenced: Collection[str]) -> Settlement:
        """Decide by a round of answers. What a fenced node says of its own promotion does not count."""
        is_conflict = self._decide(answers, fenced)
        unrecorded = [name for name in answers if self.is_unrecorded(name, answers[name], fenced=fenced)]
        highest = max((answers[name].timeline for name in unrecorded), default=0)
        newest = [name for name in unrecorded if answers[name].timeline == highest]
        if is_conflict or len(newest) > 1:
            return Settlement(None, is_conflict=True)
        to_record = self._proposal(newest[0], answers[newest[0]]) if newest else None
        return Settlement(self._primary(answers, fenced), to_record=to_record)

    def is_former(self, name: str, answer: Answer, *, fenced: Collection[str]) -> bool:
        """Tell whether a writable node is of an epoch that no longer counts, or never did: nobody may use it."""
        if answer.is_standby or self.known is None or self.is_unrecorded(name, answer, fenced=fenced):
            return False
        return not self.is_on(name, answer)

    def claim_of(self, name: str, answer: Answer) -> EpochRecord | None:
        """Give the epoch that a node stands for; the node of the one that counts keeps it while its row is away."""
        return self.known if self._has_lost_row(name, answer) else claim_of(name, answer)

    def is_on(self, name: str, answer: Answer) -> bool:
        """Tell whether a node follows the epoch that counts."""
        claim = self.claim_of(name, answer)
        return self.known is None or (claim is not None and claim.epoch_id == self.known.epoch_id)

    def is_unrecorded(self, name: str, answer: Answer, *, fenced: Collection[str]) -> bool:
        """Tell whether a writable node has begun an epoch that has no row yet, and may be the one that counts."""
        if answer.is_standby or answer.rows is None or name in fenced or claim_of(name, answer) is not None:
            return False
        return self.known is None or answer.timeline > self.known.timeline or self._has_lost_row(name, answer)

    def _has_lost_row(self, name: str, answer: Answer) -> bool:
        """Tell whether this is the node of the epoch that counts, without its row: the table was emptied, or a standby
        has shown the row before its own next answer.
        """
        known = self.known
        if known is None or answer.is_standby or claim_of(name, answer) is not None:
            return False
        return (answer.timeline, name) == (known.timeline, known.node)

    def _decide(self, answers: Answers, fenced: Collection[str]) -> bool:
        """Learn the epoch that counts; returns whether two claim to be it."""
        claims = {name: claim for name in answers if (claim := claim_of(name, answers[name])) is not None}
        try:
            newest = decide(claims.values(), known=self.known, fenced=fenced)
        except EpochConflict:
            # Readers must be served all the same, and by the same side in every process.
            self._change(min(claims.values(), key=lambda claim: (-claim.timeline, claim.epoch_id)))
            return True
        if newest is None:
            return False
        self._change(newest)
        writers = {
            claim.epoch_id
            for name, claim in claims.items()
            if not answers[name].is_standby and name not in fenced and claim.timeline == newest.timeline
        }
        # Both were recorded, so each may have been believed by some process; that this one knew one first says nothing.
        return len(writers) > 1

    def _change(self, newest: EpochRecord) -> None:
        if self.known is not None and newest.epoch_id != self.known.epoch_id:
            logger.warning("%s was promoted to timeline %d", newest.node, newest.timeline)
        self.known = newest

    def _proposal(self, name: str, answer: Answer) -> EpochRecord:
        """Write the row of a promotion. The first epoch of a cluster begins at 0, for nothing was before it."""
        if self.known is not None and self.known.timeline == answer.timeline:
            return self.known
        epoch_id = self._proposals.setdefault((name, answer.timeline), secrets.token_hex(EPOCH_ID_BYTES))
        previous = current(answer.rows.epochs if answer.rows else ())
        if previous is None:
            return EpochRecord(answer.system_id, answer.timeline, epoch_id, 0, 0, name)
        return EpochRecord(answer.system_id, answer.timeline, epoch_id, answer.fork_lsn or 0, previous.timeline, name)

    def _primary(self, answers: Answers, fenced: Collection[str]) -> str | None:
        writable = [name for name, answer in answers.items() if not answer.is_standby and name not in fenced]
        if self.known is None:  # Not migrated yet, or just now: nothing but the timeline tells.
            bare = [name for name in writable if not (rows := answers[name].rows) or not rows.epochs]
            return max(bare, key=lambda name: answers[name].timeline, default=None)
        return next((name for name in writable if self.is_on(name, answers[name])), None)


def claim_of(name: str, answer: Answer) -> EpochRecord | None:
    """Give the epoch that a node stands for: on a writable one that of its own timeline, else its newest row."""
    epochs = answer.rows.epochs if answer.rows else ()
    if answer.is_standby:
        return current(epochs)
    own = current(epoch for epoch in epochs if epoch.timeline == answer.timeline)
    return None if own is None else replace(own, node=name)
