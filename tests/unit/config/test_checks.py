"""What settings do together is checked before a deployment, with a hint that names the fix."""

from typing import Any

import pytest

from cms.config import env
from cms.config.checks import check_deployment, check_production

GOOD = {
    "CMS_MODE": "production",
    "CMS_SECRET_KEY": "x7Qm9" * 12,
    "CMS_ALLOWED_HOSTS": "cms.example.org,.example.com",
    "CMS_DATABASE_URL": "postgres://u:p@db.example/cms",
    "CMS_REDIS_URL": "redis://cache.example",
    "CMS_BASE_URL": "https://cms.example.org",
    "CMS_EMAIL_URL": "smtp://mail.example",
}


def found(settings: Any, **changes: str) -> dict[str | None, str]:
    """Check production with changes; gives hints by id."""
    settings.ENVIRONMENT = env.read(GOOD | changes)
    settings.PRODUCTION, settings.DEBUG = settings.ENVIRONMENT.is_production, False
    return {message.id: message.hint or "" for message in check_production() + check_deployment()}


def test_good_values_leave_nothing_to_say(settings: Any) -> None:
    assert found(settings) == {}


@pytest.mark.parametrize(
    ("name", "value", "message_id", "fix"),
    [
        ("CMS_MODE", "development", "cms.W001", "CMS_MODE=production"),
        ("CMS_DATABASE_URL", "sqlite:////srv/cms.sqlite3", "cms.W002", "CMS_DATABASE_URL=postgres://"),
        ("CMS_REDIS_URL", "", "cms.W003", "CMS_REDIS_URL=redis://"),
        ("CMS_TLS", "off", "cms.W004", "Remove CMS_TLS=off"),
        ("CMS_EMAIL_URL", "consolemail://", "cms.W005", "CMS_EMAIL_URL=smtp://"),
        ("CMS_BASE_URL", "http://127.0.0.1:8000", "cms.W006", "CMS_BASE_URL, for example to https://cms.example.org"),
        ("CMS_BASE_URL", "http://cms.example.org", "cms.W006", "CMS_BASE_URL, for example to https://cms.example.org"),
        ("CMS_BASE_URL", "https://other.example", "cms.W007", "Add other.example to CMS_ALLOWED_HOSTS"),
        ("CMS_TASK_ALWAYS_EAGER", "on", "cms.E002", "Remove CMS_TASK_ALWAYS_EAGER"),
    ],
)
def test_a_bad_combination_names_the_fix(settings: Any, name: str, value: str, message_id: str, fix: str) -> None:
    actual = found(settings, **{name: value})

    assert list(actual) == [message_id]
    assert fix in actual[message_id]


def test_a_subdomain_that_is_served_is_a_good_address(settings: Any) -> None:
    assert found(settings, CMS_BASE_URL="https://www.example.com") == {}


def test_debug_in_production_is_an_error(settings: Any) -> None:
    found(settings)
    settings.DEBUG = True

    assert [message.id for message in check_production()] == ["cms.E001"]
