"""Every probe is looked at by itself, and none can stop the others."""

import threading
from collections.abc import Callable

import pytest
from django.test import override_settings

from reliability.health import configuration
from reliability.health.checker import Checker
from reliability.health.checks import check_probes
from reliability.health.configuration import WrongProbe
from reliability.telemetry.probe import Effect, Probe, Result, Scope
from tests.waiting import wait_until


class Asked(Probe):
    """A probe that does what it is told."""

    interval = 0.01

    def __init__(self, name: str, look: Callable[[], Result]) -> None:
        self.name = name
        self._look = look

    def __call__(self) -> Result:
        return self._look()


class Dangerous(Probe):
    """Shared, and would take every instance out."""

    name = "dangerous"
    scope: Scope = "shared"
    affects: tuple[Effect, ...] = ("ready",)

    def __call__(self) -> Result:
        return Result("pass", 0.0, "")


dangerous = Dangerous()
no_probe = object()


def fine() -> Result:
    return Result("pass", 1.0, "nodes")


def broken() -> Result:
    raise ConnectionError("password=secret")


def statuses(checker: Checker) -> dict[str, str]:
    return {each.name: each.status for each in checker.standings()}


def test_a_probe_that_hangs_or_raises_holds_up_no_other() -> None:
    ending = threading.Event()

    def hangs() -> Result:
        ending.wait(30)
        return fine()

    checker = Checker([Asked("hung", hangs), Asked("broken", broken), Asked("fine", fine)])
    checker.start()
    try:
        wait_until(lambda: statuses(checker) == {"hung": "warn", "broken": "fail", "fine": "pass"})
    finally:
        checker.stop()
        ending.set()


def test_of_an_exception_only_its_class_is_told() -> None:
    probe = Asked("broken", broken)
    checker = Checker([probe])

    checker.look(probe)

    assert checker.standings()[0].error == "ConnectionError"


@override_settings(HEALTH_PROBES=[f"{__name__}.dangerous"])
def test_a_shared_probe_may_not_decide_on_readiness() -> None:
    with pytest.raises(WrongProbe, match="one outage would take every instance out"):
        configuration.probes()


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["no_probe"], "health.E001"),
        (["missing"], "health.E001"),
        (["dangerous"], "health.E001"),
    ],
)
def test_a_system_check_finds_what_is_no_probe(names: list[str], expected: str) -> None:
    with override_settings(HEALTH_PROBES=[f"{__name__}.{name}" for name in names]):
        assert [message.id for message in check_probes()] == [expected]


def test_the_probes_of_this_project_are_in_order() -> None:
    assert check_probes() == []
