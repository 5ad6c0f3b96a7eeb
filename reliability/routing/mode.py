"""May people write now? A state machine that every probe moves: (state, observation, now) -> state."""

from dataclasses import dataclass, replace
from enum import StrEnum

RECOVERY_PROBES = 3
"""Good probes in a row that end a recovery."""
RAMP_SECONDS = 2.0
"""Over which held and new writes come back to a new primary, so that they do not all connect at once."""
RAMP_START = 0.25
"""Share of writes that goes at once. A single one in its process does not wait for the ramp at all (`gate`)."""


class Mode(StrEnum):
    """Whether writes go."""

    NORMAL = "normal"
    WRITE_HOLD = "write_hold"
    READ_ONLY = "read_only"
    RECOVERING = "recovering"


class Obstacle(StrEnum):
    """Why writes are closed, although a primary may answer; the order is that of precedence."""

    OPERATOR = "operator"
    EPOCH_CONFLICT = "epoch_conflict"
    MINORITY = "minority"
    NO_SYNC_STANDBY = "no_sync_standby"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a round of probes found."""

    is_primary_writable: bool
    """A writable node of the current epoch answers."""
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True)
class ModeState:
    """The mode, with what is needed to leave it."""

    mode: Mode
    since: float
    """Monotonic seconds at which this mode began."""
    good_probes: int = 0
    reason: str = ""


def start(now: float) -> ModeState:
    """Begin: writes wait until the first probe has found a primary, and are refused when it does not."""
    return ModeState(Mode.WRITE_HOLD, now, reason="starting")


def step(state: ModeState, observation: Observation, *, now: float, hold_seconds: float) -> ModeState:
    """Move on by one round of probes; a state that stays is returned as it is, but for its counter and reason."""
    if observation.obstacle is not None:
        return _to(state, Mode.READ_ONLY, now, reason=observation.obstacle.value)
    if not observation.is_primary_writable:
        return _without_primary(state, now=now, hold_seconds=hold_seconds)
    return _with_primary(state, now=now)


def write_share(state: ModeState, *, now: float) -> float:
    """Tell which share of the writes may go, 0 to 1; the rest waits or is refused."""
    if state.mode is Mode.NORMAL:
        return 1.0
    if state.mode is not Mode.RECOVERING:
        return 0.0
    elapsed = (now - state.since) / RAMP_SECONDS
    return min(1.0, RAMP_START + (1.0 - RAMP_START) * max(0.0, elapsed))


def _without_primary(state: ModeState, *, now: float, hold_seconds: float) -> ModeState:
    if state.mode is Mode.NORMAL:
        return _to(state, Mode.WRITE_HOLD, now, reason="no_primary")
    if state.mode is Mode.WRITE_HOLD and now - state.since < hold_seconds:
        return state
    return _to(state, Mode.READ_ONLY, now, reason="no_primary")


def _with_primary(state: ModeState, *, now: float) -> ModeState:
    if state.mode is Mode.NORMAL:
        return state
    if state.mode is not Mode.RECOVERING:
        # A process that starts has no pool to drain and no crowd that waits.
        return _to(state, Mode.NORMAL if state.reason == "starting" else Mode.RECOVERING, now)
    probes = state.good_probes + 1
    if probes >= RECOVERY_PROBES and now - state.since >= RAMP_SECONDS:
        return _to(state, Mode.NORMAL, now)
    return replace(state, good_probes=probes)


def _to(state: ModeState, mode: Mode, now: float, *, reason: str = "") -> ModeState:
    if state.mode is mode and state.reason == reason:
        return state
    return ModeState(mode, state.since if state.mode is mode else now, reason=reason)
