"""What is answered at /livez, /startupz, /readyz and /regionz? From what is known, and nothing else. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from reliability.health.beats import SERVING, Beat
from reliability.health.probes import Standing, fails_for, seen_at
from reliability.telemetry.probe import Effect, Status

REGION_SECONDS = 30.0
"""For how long no database may be readable before the region is given up."""
WRITES_SECONDS = 60.0
"""For how long writes may fail before the region is no place for them."""
NO_HEARTBEAT = "no process has shown a heartbeat for 5 s"
NO_WORKER = "no process takes work"
DRAINING = "it is ending"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer: `fail` is 503, everything else 200. `reasons` are for people, without anything secret."""

    status: Status
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that is known at `now`, in monotonic seconds."""

    now: float
    beats: Sequence[Beat] = ()
    """The processes of this instance; one that answers for itself gives only its own."""
    shared: Sequence[Standing] = ()
    """What all instances have in common, as this process sees it."""
    has_started: bool = False
    """It was started once before: that does not end."""
    is_draining: bool = False
    """The process that answers was told to end."""

    @property
    def fresh(self) -> list[Beat]:
        return [beat for beat in self.beats if beat.is_fresh(self.now)]

    @property
    def standings(self) -> list[Standing]:
        """Every probe once, as it is to be believed now; of local ones, the worst of all processes."""
        severity = ("pass", "warn", "fail")
        worst: dict[str, Standing] = {}
        for each in (*(each for beat in self.fresh for each in beat.standings), *self.shared):
            seen = seen_at(each, now=self.now)
            known = worst.get(seen.name)
            if known is None or severity.index(seen.status) > severity.index(known.status):
                worst[seen.name] = seen
        return sorted(worst.values(), key=lambda each: each.name)


def live(picture: Picture) -> Verdict:
    """Tell whether anything here still runs. Not how well: a restart mends no database, and no stuck request."""
    return Verdict("pass") if picture.fresh else Verdict("fail", (NO_HEARTBEAT,))


def started(picture: Picture) -> Verdict:
    """Tell whether the boot is over; once it is, it stays so."""
    if picture.has_started or any(beat.is_started for beat in picture.fresh):
        return Verdict("pass")
    if not picture.fresh:
        return Verdict("fail", (NO_HEARTBEAT,))
    waits = dict.fromkeys(each for beat in picture.fresh for each in beat.waits_for)
    return Verdict("fail", tuple(f"waits for {each}" for each in waits))


def ready(picture: Picture) -> Verdict:
    """Tell whether a request can be taken here. What all instances lose together is a warning, never a reason."""
    has_begun = started(picture)
    if has_begun.status == "fail":
        return has_begun
    if picture.is_draining:
        return Verdict("fail", (DRAINING,))
    serving = _serving(picture)
    if not any(beat.is_ready for beat in serving):
        drains = bool(serving) and all(beat.is_draining for beat in serving)
        return Verdict("fail", (DRAINING if drains else NO_WORKER,))
    return _warned(picture)


def region(picture: Picture, *, for_writes: bool = False) -> Verdict:
    """Tell whether people should be sent to this region, and with what they want to change too."""
    here = ready(picture)
    if here.status == "fail":
        return here
    lost = _lost(picture, "region", REGION_SECONDS)
    if for_writes:
        lost += _lost(picture, "writes", WRITES_SECONDS)
    return Verdict("fail", lost) if lost else here


def _serving(picture: Picture) -> list[Beat]:
    """List the living processes that take requests, or where there are none by design, tasks."""
    is_web = any(beat.role == SERVING for beat in picture.beats)
    return [beat for beat in picture.fresh if beat.role == SERVING or not is_web]


def _lost(picture: Picture, effect: Effect, seconds: float) -> tuple[str, ...]:
    failing = [each for each in picture.standings if effect in each.affects]
    return tuple(
        f"{each.name} has failed for {seconds:.0f} s" for each in failing if fails_for(each, now=picture.now) >= seconds
    )


def _warned(picture: Picture) -> Verdict:
    reasons = tuple(f"{each.name}: {each.status}" for each in picture.standings if each.status != "pass")
    return Verdict("warn", reasons) if reasons else Verdict("pass")
