"""Which settings follow from the addresses of a cluster? For settings files: addresses -> two dictionaries.

    DATABASES, ROUTING = cluster("postgres://app@10.0.0.1/app", ["postgres://app@10.2.0.6/app"], region="eu-west")

Query keys say what a node is: `?node=eu-1&region=eu-west&weight=1`; all others are libpq's (`sslmode=require`). Which
node is the primary, the nodes tell; the first address is a guess for the first moment.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

ENGINE = "reliability.routing.backend"
SCHEMES = ("postgres", "postgresql")
DEFAULT_PORT = 5432
CONNECTION = {
    "connect_timeout": 2,  # seconds; libpq takes no less
    "tcp_user_timeout": 3_000,  # milliseconds
    "keepalives_idle": 5,
    "keepalives_interval": 1,
    "keepalives_count": 3,
}
PRIMARY_SESSION = "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=15000"
REPLICA_SESSION = "-c default_transaction_read_only=on -c statement_timeout=5000 -c lock_timeout=500"
"""Session settings by role, milliseconds. A standby that replays a change of a table lets its readers wait: briefly."""
DESCRIBING = ("node", "region", "weight")
FORBIDDEN = ("target_session_attrs", "host", "hostaddr", "port", "load_balance_hosts", "options", "dbname")
"""Keys with which libpq would choose the server, or which would replace what the role needs."""


class WrongAddress(ValueError):
    """The address of a node cannot be used; the message names the node, never its password, and the fix."""


def cluster(
    primary: str, replicas: Sequence[str] = (), *, region: str, primary_region: str = "", **options: Any
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Build DATABASES and ROUTING for a process in `region`; `options` are keys of ROUTING in small letters.

    Raises WrongAddress.
    """
    first = _node(primary, default_region=primary_region or region)
    nodes = [first, *(_node(url, default_region=region) for url in replicas)]
    _check_names(nodes)
    database = first.pop("DATABASE")
    for node in nodes[1:]:
        if (other := node.pop("DATABASE")) != database:
            raise WrongAddress(f"Node {node['NAME']} names the database {other!r}; standbys have that of the primary.")
    routing = {"NODES": nodes, "REGION": region, **{key.upper(): value for key, value in options.items()}}
    return {"default": _default(first, database), "replica": _replica(first, database)}, routing


def describe(url: str) -> str:
    """Name the server of an address for people and logs: host and port."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2] or "(no host)"


def _node(url: str, *, default_region: str) -> dict[str, Any]:
    shown = describe(url)
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise WrongAddress(f"The address of {shown} begins with {parts.scheme!r}; use postgres://user@host:port/name.")
    if "," in shown:
        raise WrongAddress(f"{shown} names several hosts; give each node an address of its own, in CMS_REPLICA_URLS.")
    try:
        host, port = parts.hostname, parts.port or DEFAULT_PORT
    except ValueError as error:
        raise WrongAddress(f"The port of {shown} cannot be read; use postgres://user@host:port/name.") from error
    if not host or not parts.path.strip("/"):
        raise WrongAddress(f"The address of {shown} lacks a host or a database; use postgres://user@host:port/name.")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    _check_query(query, shown)
    return {
        "NAME": query.get("node") or f"{host}:{port}",
        "HOST": host,
        "PORT": port,
        "REGION": query.get("region") or default_region,
        "WEIGHT": _weight(query.get("weight", "1"), shown),
        "PARAMETERS": _parameters(parts.username, parts.password, query),
        "DATABASE": unquote(parts.path.strip("/")),
    }


def _check_query(query: dict[str, str], shown: str) -> None:
    for key in FORBIDDEN:
        if key in query:
            raise WrongAddress(f"The address of {shown} has {key!r}, which routing decides itself; remove it.")


def _weight(text: str, shown: str) -> int:
    if not text.isdecimal() or not int(text):
        raise WrongAddress(f"The weight of {shown} is {text!r}; set it to a whole number of at least 1.")
    return int(text)


def _parameters(user: str | None, password: str | None, query: dict[str, str]) -> dict[str, str]:
    signed_in = {"user": unquote(user or ""), "password": unquote(password or "")}
    others = {key: value for key, value in query.items() if key not in DESCRIBING}
    return {key: value for key, value in signed_in.items() if value} | others


def _check_names(nodes: list[dict[str, Any]]) -> None:
    names = [node["NAME"] for node in nodes]
    for name in names:
        if names.count(name) > 1:
            raise WrongAddress(f"Two nodes are named {name}; name each by ?node= in its address.")


def _default(node: dict[str, Any], database: str) -> dict[str, Any]:
    return _alias(node, database, PRIMARY_SESSION)


def _replica(node: dict[str, Any], database: str) -> dict[str, Any]:
    """Begin as the same server: which node answers is decided when a connection is taken.

    A mirror in tests, so that Django neither creates nor empties its database a second time. No transaction of its own
    for a request: it would hold a node for nothing.
    """
    return _alias(node, database, REPLICA_SESSION) | {"TEST": {"MIRROR": "default"}, "ATOMIC_REQUESTS": False}


def _alias(node: dict[str, Any], database: str, session: str) -> dict[str, Any]:
    parameters = dict(node["PARAMETERS"])
    return {
        "ENGINE": ENGINE,
        "NAME": database,
        "USER": parameters.pop("user", ""),
        "PASSWORD": parameters.pop("password", ""),
        "HOST": node["HOST"],
        "PORT": node["PORT"],
        "OPTIONS": {**CONNECTION, **parameters, "options": session},
    }
