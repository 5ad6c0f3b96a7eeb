"""How far behind is a standby? Told by how far the primary was when, in the time of this process; pure."""

from collections import deque
from collections.abc import Mapping

from reliability.routing.probe_query import Answer

REMEMBERED = 400
"""Positions of the primary that are kept: 200 s of them, with a probe each half second."""


class LagClock:
    """Remembers where the primary was at which moment."""

    def __init__(self) -> None:
        self._passed: deque[tuple[float, int]] = deque(maxlen=REMEMBERED)
        self._freshest = 0
        self._newest_beat_at = 0.0

    def note(self, answers: Mapping[str, Answer], *, primary: str | None, now: float) -> None:
        """Record a round of answers; `primary` names the one that counts."""
        writer = answers.get(primary) if primary else None
        if writer is not None and (not self._passed or writer.sampled_at > self._passed[-1][0]):
            if self._passed and writer.lsn < self._passed[-1][1]:
                self._passed.clear()  # A new history.
            self._passed.append((writer.sampled_at, writer.lsn))
        self._freshest = max((answer.lsn for answer in answers.values()), default=self._freshest)
        beats = [answer.rows.beat_at for answer in answers.values() if answer.rows]
        self._newest_beat_at = max(beats, default=self._newest_beat_at)

    def bytes_behind(self, answer: Answer) -> int:
        """Tell how many bytes a node lacks of the freshest one."""
        return max(0, self._freshest - answer.lsn)

    def seconds_behind(self, answer: Answer) -> float:
        """Tell for how long a node has lacked something that the primary had; 0 when it lacks nothing.

        The first position that it lacks was passed at a known moment. What is older than this memory, the heartbeats
        tell, both by the clock of the primary: no clocks of different machines are compared.
        """
        if not answer.is_standby or not self._passed or answer.lsn >= self._passed[-1][1]:
            return 0.0
        if answer.lsn < self._passed[0][1]:
            return max(self._by_heartbeat(answer), answer.sampled_at - self._passed[0][0], 0.0)
        lacking = next(moment for moment, lsn in self._passed if lsn > answer.lsn)
        return max(0.0, answer.sampled_at - lacking)

    def _by_heartbeat(self, answer: Answer) -> float:
        if answer.rows is None or not answer.rows.beat_at:
            return 0.0
        return self._newest_beat_at - answer.rows.beat_at
