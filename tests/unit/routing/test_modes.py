"""When writes go, wait, are refused, and come back."""

import pytest

from reliability.routing.mode import Mode, ModeState, Observation, Obstacle, start, step, write_share

GOOD = Observation(is_primary_writable=True)
DEAD = Observation(is_primary_writable=False)
HOLD_SECONDS = 3.0


def after(state: ModeState, observation: Observation, now: float) -> ModeState:
    return step(state, observation, now=now, hold_seconds=HOLD_SECONDS)


NORMAL = ModeState(Mode.NORMAL, 0.0)


def test_a_process_starts_to_write_with_its_first_good_probe() -> None:
    assert after(start(0.0), GOOD, 0.1).mode is Mode.NORMAL


def test_a_process_that_finds_no_primary_becomes_read_only_after_the_hold() -> None:
    state = after(start(0.0), DEAD, 0.5)

    assert state.mode is Mode.WRITE_HOLD
    assert after(state, DEAD, 3.0).mode is Mode.READ_ONLY


def test_writes_wait_for_a_primary_that_is_gone_and_are_refused_when_none_comes() -> None:
    held = after(NORMAL, DEAD, 10.0)

    assert (held.mode, held.since) == (Mode.WRITE_HOLD, 10.0)
    assert after(held, DEAD, 12.9) == held
    assert after(held, DEAD, 13.0).mode is Mode.READ_ONLY


@pytest.mark.parametrize("obstacle", list(Obstacle))
@pytest.mark.parametrize("mode", list(Mode))
def test_an_obstacle_closes_the_writes_at_once_although_the_primary_answers(mode: Mode, obstacle: Obstacle) -> None:
    state = after(ModeState(mode, 0.0), Observation(is_primary_writable=True, obstacle=obstacle), 1.0)

    assert (state.mode, state.reason, write_share(state, now=1.0)) == (Mode.READ_ONLY, obstacle, 0.0)


@pytest.mark.parametrize("mode", [Mode.WRITE_HOLD, Mode.READ_ONLY])
def test_a_new_primary_begins_a_recovery(mode: Mode) -> None:
    assert after(ModeState(mode, 0.0), GOOD, 1.0) == ModeState(Mode.RECOVERING, 1.0)


def test_a_recovery_lets_writes_in_step_by_step_and_one_at_once() -> None:
    recovering = ModeState(Mode.RECOVERING, 10.0)

    shares = [write_share(recovering, now=now) for now in (10.0, 11.0, 12.0, 99.0)]

    assert shares == [0.25, 0.625, 1.0, 1.0]


def test_a_recovery_ends_after_three_good_probes_and_the_ramp() -> None:
    state = ModeState(Mode.RECOVERING, 10.0)
    for now in (10.5, 11.0, 11.5):
        state = after(state, GOOD, now)
        assert state.mode is Mode.RECOVERING

    assert after(state, GOOD, 12.0).mode is Mode.NORMAL


def test_a_recovery_that_fails_closes_the_writes_again() -> None:
    assert after(ModeState(Mode.RECOVERING, 10.0), DEAD, 10.5).mode is Mode.READ_ONLY


def test_an_obstacle_that_changes_keeps_the_time_of_the_closing() -> None:
    closed = ModeState(Mode.READ_ONLY, 5.0, reason=Obstacle.OPERATOR)

    state = after(closed, DEAD, 9.0)

    assert (state.mode, state.since, state.reason) == (Mode.READ_ONLY, 5.0, "no_primary")


@pytest.mark.parametrize(("mode", "share"), [(Mode.NORMAL, 1.0), (Mode.WRITE_HOLD, 0.0), (Mode.READ_ONLY, 0.0)])
def test_outside_of_a_recovery_all_writes_go_or_none(mode: Mode, share: float) -> None:
    assert write_share(ModeState(mode, 0.0), now=1.0) == share
