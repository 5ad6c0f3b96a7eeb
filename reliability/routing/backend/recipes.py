"""How is a connection to this node made, for this role? Address of the node, session settings of the alias."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from reliability.routing.backend.connection import prepare
from reliability.routing.backend.cursor import metered_by
from reliability.routing.backend.lease import check_identity
from reliability.routing.backend.pools import Recipe
from reliability.routing.current import options
from reliability.routing.decision import REPLICA, Role
from reliability.routing.topology import Address

LIMITS: Mapping[str, int] = {
    "connect_timeout": 2,  # seconds, libpq's least
    "tcp_user_timeout": 3_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
REPLACED = frozenset({"host", "port", "cursor_factory", "prepare_threshold"})
PREPARE_AFTER = 3
"""Runs of one statement on one connection after which the server keeps it prepared, where a cursor allows that."""
READ_ONLY = "-c default_transaction_read_only=on"


def recipe(
    address: Address, role: Role, name: str, parameters: Mapping[str, Any], *, time_zone: str, assume_role: str
) -> Recipe:
    """Write the recipe of a pool called `name`. `parameters` are those of Django for the alias, with its database.

    Session settings travel with the connection's start: nothing is set when a connection is taken.
    """
    of_alias = {key: value for key, value in parameters.items() if key not in REPLACED}
    session = [of_alias.pop("options", ""), f"-c TimeZone={time_zone}"]
    if role == REPLICA:
        session.append(READ_ONLY)
    return Recipe(
        node=address.name,
        role=name,
        parameters={
            **LIMITS,
            "application_name": f"{role}@{options().region}",
            **of_alias,
            **address.parameters,
            "host": address.host,
            "port": address.port,
            "options": " ".join(filter(None, session)),
            "cursor_factory": metered_by(address.name),
            "prepare_threshold": PREPARE_AFTER,
        },
        prepare=partial(
            prepare, node=address.name, check=partial(check_identity, address.name, role), role=assume_role
        ),
        min_size=options().pool_min,
        max_size=options().pool_max,
    )
