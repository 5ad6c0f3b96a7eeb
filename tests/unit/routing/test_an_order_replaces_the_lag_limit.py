"""Operators may let readers see older data for a while: the limit of the configuration then does not count."""

from django.test import override_settings

from reliability.routing.current import limits_in_force
from reliability.routing.decision import LagLimits, order
from tests.unit.routing.samples import node, primary, snapshot

CONFIGURED = {"LAG_HARD_SECONDS": 30, "LAG_HARD_BYTES": 1_000}
LATE = (primary(lsn=3_000), node("eu-1", staleness_seconds=200.0, lsn=500))


def first_in_eu_west(**values: float) -> str:
    picture = snapshot(*LATE, **values)
    return order(picture, region="eu-west", limits=limits_in_force(picture))[0].node.name


@override_settings(ROUTING=CONFIGURED)
def test_the_configuration_holds_without_an_order() -> None:
    assert limits_in_force(snapshot(*LATE)) == LagLimits(30, 1_000)
    assert first_in_eu_west() == "us-1"


@override_settings(ROUTING=CONFIGURED)
def test_an_order_keeps_the_late_node_in_use_and_stretches_the_bytes_alike() -> None:
    assert limits_in_force(snapshot(*LATE, lag_hard_seconds=300.0)) == LagLimits(300.0, 10_000)
    assert first_in_eu_west(lag_hard_seconds=300.0) == "eu-1"


@override_settings(ROUTING=CONFIGURED)
def test_an_order_may_be_stricter_too() -> None:
    assert limits_in_force(snapshot(*LATE, lag_hard_seconds=3.0)) == LagLimits(3.0, 1_000)
