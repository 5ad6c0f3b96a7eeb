"""Does this process hear of events? A probe for HEALTH_PROBES; never takes a process out of service."""

from reliability.outbox import runner
from reliability.telemetry.probe import Probe, Result

OLD_SECONDS = 30.0
"""Longer than the pause after failures, and than a restart of the database."""


class OutboxProbe(Probe):
    """Warns when the log of events could not be read for half a minute, so that caches here may be old."""

    name = "outbox"

    def __call__(self) -> Result:
        age = runner.age_seconds()
        return Result("warn" if age > OLD_SECONDS else "pass", min(age, 1e9), "s")


outbox = OutboxProbe()
