"""Answers of nodes, as probes get them."""

from typing import Any

from reliability.routing.epoch import EpochRecord
from reliability.routing.probe_query import Answer, Rows

SYSTEM = "7300000000000000001"


def epoch(timeline: int, epoch_id: str, node: str, *, fork: int = 0) -> EpochRecord:
    return EpochRecord(SYSTEM, timeline, epoch_id, fork, timeline - 1, node)


def standby(*epochs: EpochRecord, lsn: int = 1000, **fields: Any) -> Answer:
    return _answer(epochs, is_standby=True, lsn=lsn, **fields)


def writable(timeline: int, *epochs: EpochRecord, lsn: int = 1000, **fields: Any) -> Answer:
    return _answer(epochs, is_standby=False, timeline=timeline, lsn=lsn, **fields)


def _answer(epochs: tuple[EpochRecord, ...], **fields: Any) -> Answer:
    defaults: dict[str, Any] = {"system_id": SYSTEM, "started_at": 1.0, "receive_lsn": 1000, "sampled_at": 1.0}
    return Answer(**{**defaults, "rows": Rows(epochs=epochs, beat=1), **fields})
