"""Addresses of nodes become Django's settings, and a dictionary of options that is checked."""

import pytest

from reliability.routing.configuration import WrongAddress, cluster, describe
from reliability.routing.options import WrongOption, from_settings
from reliability.routing.topology import Address

US = "postgres://cms:p%40ss@10.0.0.1:5433/cms?node=us-1&region=us-east&sslmode=require"
EU = "postgres://reader@10.2.0.6/cms?weight=2"


def test_addresses_become_two_roles_and_a_list_of_nodes() -> None:
    databases, routing = cluster(US, [EU], region="eu-west", primary_region="us-east", lag_hard_seconds=10.0)

    default, replica = databases["default"], databases["replica"]
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("10.0.0.1", 5433, "cms")
    assert (default["USER"], default["PASSWORD"], default["OPTIONS"]["sslmode"]) == ("cms", "p@ss", "require")
    assert "read_only" not in default["OPTIONS"]["options"]
    assert "default_transaction_read_only=on" in replica["OPTIONS"]["options"]
    assert (replica["TEST"], replica["ATOMIC_REQUESTS"]) == ({"MIRROR": "default"}, False)
    options = from_settings(routing)
    assert (options.region, options.lag_hard_seconds, options.retry_limit) == ("eu-west", 10.0, 3)
    assert options.nodes == (
        Address("us-1", "10.0.0.1", 5433, "us-east"),
        Address("10.2.0.6:5432", "10.2.0.6", 5432, "eu-west", weight=2),
    )
    assert options.nodes[0].parameters == {"user": "cms", "password": "p@ss", "sslmode": "require"}
    assert options.nodes[1].parameters == {"user": "reader"}


def test_an_address_is_described_without_its_password() -> None:
    assert describe(US) == "10.0.0.1:5433"


def test_several_hosts_in_one_address_are_refused() -> None:
    with pytest.raises(WrongAddress, match="give each node an address of its own"):
        cluster("postgres://cms@us,eu/cms", region="us-east")


@pytest.mark.parametrize(
    ("routing", "fix"),
    [
        ({"LAG_HARD": 3}, "which is unknown; the keys are: CAPTURED_WRITES"),
        ({"LAG_HARD_SECONDS": "30"}, "set it to a number"),
        ({"PROBE_FALL": 1.5}, "set it to a number"),
        ({"TRUST_PRIMARY": "yes"}, "True or False"),
        ({"STRONG_PATHS": "/admin/"}, "a list of texts"),
        ({"CONSISTENCY": "weak"}, "one of: eventual, session, strong"),
        ({"NODES": [{"NAME": "us-1", "HOST": "h"}]}, "(NAME 'us-1') has no PORT"),
    ],
)
def test_a_wrong_option_names_the_fix(routing: dict[str, object], fix: str) -> None:
    with pytest.raises(WrongOption) as refused:
        from_settings(routing)

    assert fix in str(refused.value)
