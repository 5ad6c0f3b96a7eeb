"""Is what this process knows of flags current? A probe for HEALTH_PROBES; never takes a process out of service."""

from reliability.flags import process
from reliability.telemetry.probe import Probe, Result

OLD_SECONDS = 60.0


class FlagsProbe(Probe):
    """Warns when the flags are older than a minute."""

    name = "flags"
    interval = 10.0

    def __call__(self) -> Result:
        age = process.current().age_seconds
        return Result("warn" if age > OLD_SECONDS else "pass", min(age, 1e9), "s")


flags_probe = FlagsProbe()
