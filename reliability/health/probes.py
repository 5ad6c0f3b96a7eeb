"""How does one probe stand after its last looks? Rules of failing and recovering. Pure."""

from dataclasses import dataclass, replace

from reliability.telemetry.probe import Effect, Probe, Result, Scope, Status

STALE_SECONDS = 10.0
"""Age from which a result is no longer believed."""
RECOVERY_SECONDS = 0.5
"""Pause between two looks at what is not in order."""
UNKNOWN = "not looked at yet"
OUTDATED = "no result lately"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of one probe. Times are monotonic seconds."""

    name: str
    scope: Scope = "local"
    affects: tuple[Effect, ...] = ()
    status: Status = "warn"
    value: float = 0.0
    unit: str = ""
    error: str = UNKNOWN
    """Class of the exception that it raised last; what the exception says is in the log."""
    at: float = 0.0
    """When it was looked at; 0: never."""
    bad_since: float | None = None
    """The first of the failures in a row that made it fail, or are about to; None: it does not fail."""
    has_passed: bool = False
    """It was in order once."""
    failures: int = 0
    """In a row."""
    successes: int = 0
    """In a row, since the last failure."""
    stale_after: float = STALE_SECONDS


def begin(probe: Probe, *, now: float) -> Standing:
    """Give the standing of a probe before its first look; `now` in monotonic seconds."""
    patience = max(STALE_SECONDS, 2 * probe.interval + probe.timeout)
    return Standing(name=probe.name, scope=probe.scope, affects=tuple(probe.affects), at=now, stale_after=patience)


def follow(before: Standing, probe: Probe, result: Result, *, error: str = "", now: float) -> Standing:
    """Count one more look: it fails after `fail_after` failures in a row, and recovers after `pass_after` good ones."""
    failed = result.status == "fail"
    failures = before.failures + 1 if failed else 0
    successes = 0 if failed else before.successes + 1
    status = _status(before.status, result.status, failures, successes, probe)
    return replace(
        before,
        status=status,
        value=result.value,
        unit=result.unit,
        error=error,
        at=now,
        bad_since=_bad_since(before, status, is_failed=failed, now=now),
        has_passed=before.has_passed or not failed,
        failures=failures,
        successes=successes,
    )


def seen_at(standing: Standing, *, now: float) -> Standing:
    """Give a standing as it is to be believed at `now`: a probe that hangs tells nothing, so it warns."""
    if standing.status == "fail" or now - standing.at <= standing.stale_after:
        return standing
    return replace(standing, status="warn", error=OUTDATED)


def pause_seconds(standing: Standing, probe: Probe) -> float:
    """Choose the pause before the next look."""
    is_fine = standing.status == "pass" and standing.failures == 0
    return probe.interval if is_fine else min(probe.interval, RECOVERY_SECONDS)


def fails_for(standing: Standing, *, now: float) -> float:
    """Tell for how many seconds it has failed, counted from the first of the failures in a row; 0: it does not."""
    if standing.status != "fail" or standing.bad_since is None:
        return 0.0
    return now - standing.bad_since


def _status(before: Status, found: Status, failures: int, successes: int, probe: Probe) -> Status:
    if found == "fail":
        return "fail" if failures >= probe.fail_after else before
    if before == "fail" and successes < probe.pass_after:
        return "fail"
    return found


def _bad_since(before: Standing, status: Status, *, is_failed: bool, now: float) -> float | None:
    if is_failed or status == "fail":
        return now if before.bad_since is None else before.bad_since
    return None
