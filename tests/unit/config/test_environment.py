"""The environment is read once; a wrong value refuses to start and names the variable and the fix."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms.config.env import DEVELOPMENT_KEY, read

SECRET = "x7Qm" * 15 + "unlikely"
PRODUCTION = {"CMS_MODE": "production", "CMS_SECRET_KEY": SECRET, "CMS_ALLOWED_HOSTS": "cms.example.org"}


def test_without_variables_it_is_development_on_sqlite() -> None:
    environment = read({})

    assert (environment.mode, environment.tls, environment.redis_url) == ("development", False, "")
    assert environment.database_url.startswith("sqlite:///")
    assert environment.allowed_hosts == ["localhost", "127.0.0.1", "[::1]"]
    assert environment.primary_region == environment.region == "us-east"


def test_production_speaks_https() -> None:
    environment = read(PRODUCTION)

    assert (environment.is_production, environment.tls) == (True, True)


def test_values_are_typed() -> None:
    environment = read(
        {
            "CMS_ALLOWED_HOSTS": "a.example,b.example",
            "CMS_SECRET_KEY_FALLBACKS": "old,older",
            "CMS_TLS": "Yes",
            "CMS_TRASH_DAYS": "7",
            "CMS_DATA_DIR": "/srv/cms",
            "CMS_BASE_URL": "https://cms.example.org/",
            "CMS_REGION": "eu-west",
        }
    )

    assert environment.allowed_hosts == ["a.example", "b.example"]
    assert environment.secret_key_fallbacks == ["old", "older"]
    assert (environment.tls, environment.trash_days, environment.data_dir) == (True, 7, Path("/srv/cms"))
    assert environment.base_url == "https://cms.example.org"
    assert environment.primary_region == "eu-west"


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("CMS_MODE", "prod", "set it to one of: development, production"),
        ("CMS_SECRET_KEY", "", "set at least 50 random characters"),
        ("CMS_SECRET_KEY", "a" * 60, "set at least 50 random characters"),
        ("CMS_SECRET_KEY", "short but random", "set at least 50 random characters"),
        ("CMS_SECRET_KEY", DEVELOPMENT_KEY, "set at least 50 random characters"),
        ("CMS_ALLOWED_HOSTS", "", "must name the hosts"),
        ("CMS_ALLOWED_HOSTS", "*", "'*' is refused"),
        ("CMS_CSRF_TRUSTED_ORIGINS", "cms.example.org", "https://cms.example.org"),
        ("CMS_DATABASE_URL", "mysql://a:b@c/d", "use postgres://user:password@host:port/name"),
        ("CMS_DATABASE_URL", "postgres://a:b@c:port/d", "cannot be read"),
        ("CMS_DATABASE_URL", "postgres://a:b@c:5432", "end it with /name"),
        ("CMS_COLOUR", "red", "one of: blue, green"),
        ("CMS_REPLICA_URLS", "postgres://cms@eu/cms", "set CMS_DATABASE_URL too"),
        ("CMS_ROUTING_CONSISTENCY", "weak", "one of: eventual, session, strong"),
        ("CMS_ROUTING_CONSISTENCE", "session", "CMS_ROUTING_CONSISTENCY"),
        ("CMS_ROUTING_PROBE_FALL", "2.5", "whole number, without a unit"),
        ("CMS_ROUTING_PROBE_INTERVAL_SECONDS", "0", "greater than 0"),
        ("CMS_ROUTING_PROBE_INTERVAL_SECONDS", "nan", "greater than 0"),
        ("CMS_ROUTING_WAIT_BUDGET_SECONDS", "50ms", "a number, without a unit"),
        ("CMS_ROUTING_WRITE_HOLD_PERCENT", "250", "between 0 and 100"),
        ("CMS_ROUTING_TRUST_PRIMARY", "maybe", "set it to on or off"),
        ("CMS_REDIS_URL", "localhost:6379", "must begin with redis://"),
        ("CMS_BASE_URL", "cms.example.org", "write scheme and host: https://cms.example.org"),
        ("CMS_BASE_URL", "https://", "write scheme and host"),
        ("CMS_EMAIL_URL", "mail.example.org", "use smtp://user:password@host:port"),
        ("CMS_EMAIL_URL", "smtp://", "names no host"),
        ("CMS_EMAIL_URL", "smtp://host:port", "cannot be read"),
        ("CMS_TLS", "maybe", "set it to on or off"),
        ("CMS_TRUST_PROXY", "2", "set it to on or off"),
        ("CMS_TRUSTED_PROXIES", "10.0.0", "no address and no network"),
        ("CMS_REQUEST_SLOTS", "0", "a whole number of at least 1"),
        ("CMS_RATE_API", "-1", "a whole number of at least 0"),
        ("CMS_OPS_PORT", "http", "a whole number of at least 1"),
        ("CMS_TASK_ALWAYS_EAGER", "", "set it to on or off"),
        ("CMS_UPLOAD_MAX_BYTES", "50MB", "whole number of at least 1"),
        ("CMS_REVISION_DAYS", "0", "whole number of at least 1"),
        ("CMS_TRASH_DAYS", "-1", "whole number of at least 1"),
    ],
)
def test_a_wrong_value_is_refused_with_the_fix(name: str, value: str, fix: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read(PRODUCTION | {name: value})

    assert str(refused.value).startswith(name)
    assert fix in str(refused.value)


@pytest.mark.parametrize("name", ["CMS_SECRET_KEY", "CMS_ALLOWED_HOSTS"])
def test_production_insists_on_what_only_the_operator_knows(name: str) -> None:
    variables = {key: value for key, value in PRODUCTION.items() if key != name}

    with pytest.raises(ImproperlyConfigured, match=name):
        read(variables)


def test_a_secret_is_read_from_a_file_without_its_last_line_break(tmp_path: Path) -> None:
    file = tmp_path / "database"
    file.write_text("postgres://u:p@db.example:5432/cms\n")

    environment = read({"CMS_DATABASE_URL_FILE": str(file)})

    assert environment.database_url == "postgres://u:p@db.example:5432/cms"


def test_a_secret_may_begin_with_a_dollar_sign() -> None:
    environment = read(PRODUCTION | {"CMS_SECRET_KEY": "$" + SECRET})

    assert environment.secret_key == "$" + SECRET


def test_a_file_that_is_missing_is_refused_instead_of_falling_back() -> None:
    with pytest.raises(ImproperlyConfigured, match=r"CMS_DATABASE_URL_FILE names '/nowhere/db', which cannot be read"):
        read({"CMS_DATABASE_URL_FILE": "/nowhere/db"})


def test_a_value_and_a_file_for_the_same_setting_are_refused(tmp_path: Path) -> None:
    variables = {"CMS_REDIS_URL": "redis://a", "CMS_REDIS_URL_FILE": str(tmp_path)}

    with pytest.raises(ImproperlyConfigured, match="both set; remove one"):
        read(variables)


US = "postgres://cms:hunter2@us/cms?node=us-1&region=us-east"


@pytest.mark.parametrize(
    ("primary", "replicas", "fix"),
    [
        ("postgres://cms@us,eu/cms", "", "give each node an address of its own"),
        (f"{US}&target_session_attrs=read-write", "", "'target_session_attrs', which routing decides itself"),
        (US, "postgres://cms:hunter2@eu/cms?node=us-1", "Two nodes are named us-1"),
        (US, "postgres://cms:hunter2@eu/other", "standbys have that of the primary"),
        (US, "postgres://cms:hunter2@eu", "lacks a host or a database"),
        (US, "postgres://cms:hunter2@eu:port/cms", "port of eu:port cannot be read"),
        (US, "mysql://cms:hunter2@eu/cms", "use postgres://user@host:port/name"),
        (US, "postgres://cms:hunter2@eu/cms?weight=heavy", "whole number of at least 1"),
    ],
)
def test_a_wrong_address_is_refused_without_its_password(primary: str, replicas: str, fix: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        read({"CMS_DATABASE_URL": primary, "CMS_REPLICA_URLS": replicas})

    assert fix in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_settings_of_routing_are_typed() -> None:
    environment = read(
        {
            "CMS_ROUTING_LAG_HARD_SECONDS": "10",
            "CMS_ROUTING_STRONG_PATHS": "/admin/, /staff/",
            "CMS_ROUTING_TRUST_PRIMARY": "on",
            "CMS_ROUTING_POOL_MAX": "4",
        }
    )

    assert environment.routing == {
        "lag_hard_seconds": 10.0,
        "strong_paths": ("/admin/", "/staff/"),
        "trust_primary": True,
        "pool_max": 4,
    }
