"""A configuration that cannot keep routing's promises is refused, with the fix."""

from typing import Any

import pytest
from django.conf import settings

from reliability.routing import checks
from reliability.routing.configuration import cluster

DATABASES, ROUTING = cluster("postgres://cms@us/cms?node=us-1", ["postgres://cms@eu/cms"], region="eu-west")


@pytest.fixture(autouse=True)
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATABASES", {alias: dict(values) for alias, values in DATABASES.items()})
    monkeypatch.setattr(settings, "ROUTING", dict(ROUTING))


def ids() -> list[str | None]:
    found = checks.check_routing()
    assert all(message.hint for message in found)
    return [message.id for message in found]


def test_our_own_wiring_is_in_order() -> None:
    assert ids() == []


@pytest.mark.parametrize(
    ("alias", "changed", "expected"),
    [
        ("default", {"HOST": "us,eu"}, ["routing.E004"]),
        ("replica", {"OPTIONS": {"target_session_attrs": "any"}}, ["routing.E004"]),
        ("replica", {"ATOMIC_REQUESTS": True}, ["routing.E005"]),
        ("replica", {"NAME": "other"}, ["routing.E006"]),
        ("default", {"ENGINE": "django.db.backends.postgresql"}, ["routing.E006"]),
    ],
)
def test_a_database_that_is_no_single_server_of_the_cluster(
    alias: str, changed: dict[str, Any], expected: list[str]
) -> None:
    settings.DATABASES[alias].update(changed)

    assert ids() == expected


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("CONSISTENCY", "weak", ["routing.E001"]),
        ("LAG", 3, ["routing.E001"]),
        ("NODES", [], ["routing.E002"]),
        ("PRIMARY_MODELS", ["sessions.Sesion"], ["routing.E003"]),
    ],
)
def test_an_option_that_is_wrong(key: str, value: object, expected: list[str]) -> None:
    settings.ROUTING[key] = value

    assert ids() == expected


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("DATABASE_ROUTERS", [], ["routing.E007"]),
        ("MIDDLEWARE", [checks.ROUTING_MIDDLEWARE], ["routing.E008"]),
        (
            "MIDDLEWARE",
            [checks.ROUTING_MIDDLEWARE, checks.GATE_MIDDLEWARE, "django.middleware.csrf.CsrfViewMiddleware"],
            ["routing.E009"],
        ),
        ("SESSION_SAVE_EVERY_REQUEST", True, ["routing.W001"]),
    ],
)
def test_a_part_that_is_not_wired(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: object, expected: list[str]
) -> None:
    monkeypatch.setattr(settings, setting, value)

    assert ids() == expected


def test_without_a_replica_there_is_nothing_to_check() -> None:
    del settings.DATABASES["replica"]

    assert ids() == []
