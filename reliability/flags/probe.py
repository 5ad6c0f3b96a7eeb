"""Is what this process knows of flags current? A probe for HEALTH_PROBES; never takes a process out of service."""

from typing import NamedTuple

from reliability.flags import process

OLD_SECONDS = 60.0


class Result(NamedTuple):
    """What a probe found."""

    status: str
    value: float
    unit: str


class FlagsProbe:
    """Warns when the flags are older than a minute."""

    name = "flags"
    scope = "local"
    interval = 10.0
    timeout = 1.0
    fail_after = 3
    pass_after = 2
    affects: tuple[str, ...] = ()

    def __call__(self) -> Result:
        age = process.current().age_seconds
        return Result("warn" if age > OLD_SECONDS else "pass", min(age, 1e9), "s")


flags_probe = FlagsProbe()
