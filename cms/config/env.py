"""What does the environment say? Read once, typed, and refused with the fix when a value is wrong.

Every setting that an operator may give is a field of `Environment`; its environment name is `CMS_<FIELD>`.
`CMS_<FIELD>_FILE` reads the value of the same setting from a file, for secrets that are mounted.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from reliability.limits import address
from reliability.routing import configuration, options

Mode = Literal["development", "production"]
ROUTING_PREFIX = "CMS_ROUTING_"
ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT_KEY = "development-only-key-which-production-refuses-to-start-with"
DEMO_PASSWORD = "upgrade-demo"
"""Password of the demo administrator; the sign-in form refuses it in production."""


@dataclass(frozen=True)
class Environment:
    """The settings of one process, as given by its environment."""

    mode: Mode
    """`CMS_MODE`: `development` (default) or `production`."""
    secret_key: str
    """`CMS_SECRET_KEY`: at least 50 random characters; required in production."""
    secret_key_fallbacks: list[str]
    """`CMS_SECRET_KEY_FALLBACKS`: former keys, comma-separated, still accepted for signatures. Default none."""
    allowed_hosts: list[str]
    """`CMS_ALLOWED_HOSTS`: host names served, comma-separated; required in production."""
    csrf_trusted_origins: list[str]
    """`CMS_CSRF_TRUSTED_ORIGINS`: origins with scheme whose forms are trusted, comma-separated. Default none."""
    database_url: str
    """`CMS_DATABASE_URL`: `postgres://user:password@host:port/name`; default SQLite in the data folder."""
    replica_urls: list[str]
    """`CMS_REPLICA_URLS`: addresses of standbys, comma-separated, with `?node=eu-1&region=eu-west`. Default none."""
    redis_url: str
    """`CMS_REDIS_URL`: `redis://host:port/0`; default none: in-process cache, tasks in the background of `make run`."""
    region: str
    """`CMS_REGION`: name of the region this process runs in. Default `us-east`."""
    primary_region: str
    """`CMS_PRIMARY_REGION`: region of the primary database. Default the same as `CMS_REGION`."""
    colour: str
    """`CMS_COLOUR`: which of two releases this process is, `blue` (default) or `green`."""
    routing: dict[str, Any]
    """`CMS_ROUTING_<KEY>`: how reads are routed; the keys that are set, in small letters."""
    data_dir: Path
    """`CMS_DATA_DIR`: folder of the embedded database and media. Default `var/`."""
    release: str
    """`CMS_RELEASE`: version of the code that runs, such as `2.4.0`; for flags and logs. Default `0.0.0`."""
    flags_state_dir: Path | None
    """`CMS_FLAGS_STATE_DIR`: folder of the last known flags and the local kill list. Default `flags/` in the data."""
    flags_kill_watch: Path | None
    """`CMS_FLAGS_KILL_WATCH`: a file of flags to switch off, one a line, watched; such as a mounted ConfigMap."""
    flags_kill: list[str]
    """`CMS_FLAGS_KILL`: flags to switch off from the start, comma-separated; `*` is every release and experiment."""
    flags_bootstrap: Path | None
    """`CMS_FLAGS_BOOTSTRAP`: file of flags in the image, for a start without a database."""
    flags_ofrep: str
    """`CMS_FLAGS_OFREP`: who may ask for flags by OFREP: `public` (default), `token` or `off`."""
    metrics_dir: Path | None
    """`CMS_METRICS_DIR`: folder in which several processes share their metrics. Default none: each has its own."""
    state_dir: Path
    """`CMS_STATE_DIR`: folder, best in memory, of the heartbeats of one instance. Default `state/` in the data."""
    health_token: str
    """`CMS_HEALTH_TOKEN`: with it, `?verbose=1` of a health path shows details on the main port. Default none."""
    ops_port: int
    """`CMS_OPS_PORT`: port of `manage.py ops`, for health and metrics. Default 9000."""
    ops_bind: str
    """`CMS_OPS_BIND`: address of that port. Default `127.0.0.1`, in production `0.0.0.0`: it belongs inside the pod."""
    web_bind: str
    """`CMS_WEB_BIND`: address and port of the web server. Default `127.0.0.1:8000`, in production `0.0.0.0:8000`."""
    web_workers: int
    """`CMS_WEB_WORKERS`: processes of the web server. Default 2."""
    request_slots: int
    """`CMS_REQUEST_SLOTS`: requests that one web process works on at once; the rest is told to come back. Default 4."""
    request_seconds: int
    """`CMS_REQUEST_SECONDS`: how long a request may take, in seconds; uploads get more by their size. Default 30."""
    rate_api: int
    """`CMS_RATE_API`: requests of one client to the content API in a minute; 0: any number. Default 60000."""
    rate_ofrep: int
    """`CMS_RATE_OFREP`: requests of one client for flags in a minute; 0: any number. Default 6000."""
    rate_sign_in: int
    """`CMS_RATE_SIGN_IN`: attempts of one client in a minute to sign in or get a new password. Default 30."""
    trusted_proxies: list[str]
    """`CMS_TRUSTED_PROXIES`: proxies (address, network) whose `X-Forwarded-For` and ids are believed. Default none."""
    otlp_endpoint: str
    """`CMS_OTLP_ENDPOINT`: base address of a collector (OTLP over HTTP) that gets traces. Default none: no traces."""
    trace_ratio: float
    """`CMS_TRACE_RATIO`: share of requests that are traced, 0 to 1. Default 0.1."""
    trace_clients: bool
    """`CMS_TRACE_CLIENTS`: keep addresses and browsers of people in traces and access lines. Default off."""
    log_format: str
    """`CMS_LOG_FORMAT`: `json` (default in production) or `text` (default in development, without access lines)."""
    prometheus_url: str
    """`CMS_PROMETHEUS_URL`: where the admin asks for error budgets. Default none: from sums in the database."""
    base_url: str
    """`CMS_BASE_URL`: address under which people reach this site, for links in e-mails. Default http://127.0.0.1:8000."""
    email_url: str
    """`CMS_EMAIL_URL`: `smtp://user:password@host:port` (`smtp+tls:` STARTTLS); default `consolemail://`, printed."""
    email_from: str
    """`CMS_EMAIL_FROM`: sender of the mails. Default `cms@localhost`."""
    tls: bool
    """`CMS_TLS`: whether people reach the site by https. Default on in production, off in development."""
    trust_proxy: bool
    """`CMS_TRUST_PROXY`: believe `X-Forwarded-Proto` and `-For` (its last entry) of the load balancer. Default off."""
    upload_max_bytes: int
    """`CMS_UPLOAD_MAX_BYTES`: largest upload in bytes. Default 52428800 (50 MiB)."""
    revision_days: int
    """`CMS_REVISION_DAYS`: days for which every revision is kept, then the last of each day, for a year. Default 30."""
    trash_days: int
    """`CMS_TRASH_DAYS`: days after which the trash is emptied. Default 30."""
    task_always_eager: bool
    """`CMS_TASK_ALWAYS_EAGER`: run tasks inside the caller; for unit tests only. Default off."""

    @property
    def is_production(self) -> bool:
        return self.mode == "production"


def read(variables: Mapping[str, str] = os.environ) -> Environment:
    """Read and check every setting.

    Raises ImproperlyConfigured, naming the variable and the fix, for the first value that is wrong.
    """
    env = environ.Env()
    env.ENVIRON = _with_files(variables)
    mode = env.str("CMS_MODE", default="development")
    if mode not in get_args(Mode):
        raise ImproperlyConfigured(f"CMS_MODE is {mode!r}; set it to one of: {', '.join(get_args(Mode))}.")
    production = mode == "production"
    region = env.str("CMS_REGION", default="us-east")
    data_dir = Path(env.str("CMS_DATA_DIR", default=str(ROOT / "var")))
    database_url = _database_url(env, data_dir)
    return Environment(
        mode="production" if production else "development",
        secret_key=_secret_key(env, production=production),
        secret_key_fallbacks=env.list("CMS_SECRET_KEY_FALLBACKS", default=[]),
        allowed_hosts=_allowed_hosts(env, production=production),
        csrf_trusted_origins=_origins(env),
        database_url=database_url,
        replica_urls=_replica_urls(env, database_url),
        redis_url=_redis_url(env),
        region=region,
        primary_region=env.str("CMS_PRIMARY_REGION", default=region),
        colour=_option("CMS_COLOUR", "colour", env.str("CMS_COLOUR", default="blue")),
        routing=_routing(variables),
        data_dir=data_dir,
        release=env.str("CMS_RELEASE", default="0.0.0"),
        flags_state_dir=_path(env, "CMS_FLAGS_STATE_DIR"),
        flags_kill_watch=_path(env, "CMS_FLAGS_KILL_WATCH"),
        flags_kill=env.list("CMS_FLAGS_KILL", default=[]),
        flags_bootstrap=_path(env, "CMS_FLAGS_BOOTSTRAP"),
        flags_ofrep=_choice(env, "CMS_FLAGS_OFREP", ("public", "token", "off")),
        metrics_dir=Path(folder) if (folder := env.str("CMS_METRICS_DIR", default="")) else None,
        state_dir=_path(env, "CMS_STATE_DIR") or data_dir / "state",
        health_token=env.ENVIRON.get("CMS_HEALTH_TOKEN", ""),
        ops_port=_positive(env, "CMS_OPS_PORT", default=9000),
        ops_bind=env.str("CMS_OPS_BIND", default="0.0.0.0" if production else "127.0.0.1"),
        web_bind=env.str("CMS_WEB_BIND", default="0.0.0.0:8000" if production else "127.0.0.1:8000"),
        web_workers=_positive(env, "CMS_WEB_WORKERS", default=2),
        request_slots=_positive(env, "CMS_REQUEST_SLOTS", default=4),
        request_seconds=_positive(env, "CMS_REQUEST_SECONDS", default=30),
        rate_api=_positive(env, "CMS_RATE_API", default=60_000, least=0),
        rate_ofrep=_positive(env, "CMS_RATE_OFREP", default=6_000, least=0),
        rate_sign_in=_positive(env, "CMS_RATE_SIGN_IN", default=30, least=0),
        otlp_endpoint=_otlp_endpoint(env),
        trace_ratio=_share(env, "CMS_TRACE_RATIO", default=0.1),
        trace_clients=_boolean(env, "CMS_TRACE_CLIENTS", default=False),
        log_format=_choice(env, "CMS_LOG_FORMAT", ("json", "text") if production else ("text", "json")),
        trusted_proxies=_networks(env, "CMS_TRUSTED_PROXIES"),
        prometheus_url=_prometheus_url(env),
        base_url=_base_url(env),
        email_url=_email_url(env),
        email_from=env.str("CMS_EMAIL_FROM", default="cms@localhost"),
        tls=_boolean(env, "CMS_TLS", default=production),
        trust_proxy=_boolean(env, "CMS_TRUST_PROXY", default=False),
        upload_max_bytes=_positive(env, "CMS_UPLOAD_MAX_BYTES", default=50 * 1024 * 1024),
        revision_days=_positive(env, "CMS_REVISION_DAYS", default=30),
        trash_days=_positive(env, "CMS_TRASH_DAYS", default=30),
        task_always_eager=_boolean(env, "CMS_TASK_ALWAYS_EAGER", default=False),
    )


def _with_files(variables: Mapping[str, str]) -> dict[str, str]:
    """Add the settings that are read from files; the line break at the end of a file is no part of the value."""
    values = {name: value for name, value in variables.items() if name.startswith("CMS_")}
    for setting in fields(Environment):
        name = f"CMS_{setting.name.upper()}"
        file = values.get(f"{name}_FILE")
        if file is None:
            continue
        if name in values:
            raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; remove one of them.")
        try:
            values[name] = Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise ImproperlyConfigured(
                f"{name}_FILE names {file!r}, which cannot be read ({error}); mount it there, or set {name}."
            ) from error
    return values


def _secret_key(env: environ.Env, *, production: bool) -> str:
    # Not by `env.str`, which takes a value that begins with a dollar sign for the name of another variable.
    key: str = env.ENVIRON.get("CMS_SECRET_KEY", "" if production else DEVELOPMENT_KEY)
    if production and (len(key) < 50 or len(set(key)) < 5 or key == DEVELOPMENT_KEY):
        raise ImproperlyConfigured(
            "CMS_SECRET_KEY is missing or weak; set at least 50 random characters, for example from: "
            "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return key


def _allowed_hosts(env: environ.Env, *, production: bool) -> list[str]:
    hosts: list[str] = env.list("CMS_ALLOWED_HOSTS", default=[] if production else ["localhost", "127.0.0.1", "[::1]"])
    if production and (not hosts or "*" in hosts):
        raise ImproperlyConfigured(
            "CMS_ALLOWED_HOSTS must name the hosts that this site answers for, such as cms.example.org; '*' is refused."
        )
    return hosts


def _database_url(env: environ.Env, data_dir: Path) -> str:
    url: str = env.str("CMS_DATABASE_URL", default=f"sqlite:///{data_dir / 'cms.sqlite3'}")
    scheme = url.partition("://")[0]
    if scheme not in {"postgres", "postgresql", "sqlite"}:
        raise ImproperlyConfigured(
            f"CMS_DATABASE_URL begins with {scheme!r}; "
            "use postgres://user:password@host:port/name, or leave it out for SQLite."
        )
    try:
        database = environ.Env.db_url_config(url)
    except ValueError as error:
        raise ImproperlyConfigured(f"CMS_DATABASE_URL cannot be read ({error}); quote special characters.") from error
    if not database["NAME"]:
        raise ImproperlyConfigured("CMS_DATABASE_URL names no database; end it with /name.")
    return url


def _path(env: environ.Env, name: str) -> Path | None:
    return Path(text) if (text := env.str(name, default="")) else None


def _choice(env: environ.Env, name: str, choices: tuple[str, ...]) -> str:
    """Read one of a few words; the first is the default."""
    text = str(env.str(name, default=choices[0]))
    if text not in choices:
        raise ImproperlyConfigured(f"{name} is {text!r}; set it to one of: {', '.join(choices)}.")
    return text


def _replica_urls(env: environ.Env, database_url: str) -> list[str]:
    urls: list[str] = env.list("CMS_REPLICA_URLS", default=[])
    if database_url.startswith("sqlite"):
        if urls:
            raise ImproperlyConfigured("CMS_REPLICA_URLS is set without PostgreSQL; set CMS_DATABASE_URL too.")
        return []
    try:
        configuration.cluster(database_url, urls, region="any")
    except configuration.WrongAddress as error:
        raise ImproperlyConfigured(f"CMS_DATABASE_URL or CMS_REPLICA_URLS is wrong. {error}") from error
    return urls


def _routing(variables: Mapping[str, str]) -> dict[str, Any]:
    """Read `CMS_ROUTING_<KEY>`; a key that does not exist is refused, for it is a spelling mistake."""
    known = {f"{ROUTING_PREFIX}{field.name.upper()}": field.name for field in options.OPERATOR_OPTIONS}
    given = {name: text for name, text in variables.items() if name.startswith(ROUTING_PREFIX)}
    for name in given:
        if name not in known:
            raise ImproperlyConfigured(f"{name} is unknown; the settings of routing are: {', '.join(known)}.")
    return {known[name]: _option(name, known[name], text) for name, text in given.items()}


def _option(name: str, option: str, text: str) -> Any:
    try:
        return options.parse(name, option, text)
    except options.WrongOption as error:
        raise ImproperlyConfigured(str(error)) from error


def _otlp_endpoint(env: environ.Env) -> str:
    url: str = env.str("CMS_OTLP_ENDPOINT", default="").rstrip("/")
    if url and (not url.startswith(("http://", "https://")) or not urlsplit(url).hostname):
        raise ImproperlyConfigured(
            f"CMS_OTLP_ENDPOINT is {url!r}; write scheme, host and port, without /v1/traces: http://127.0.0.1:4318."
        )
    return url


def _prometheus_url(env: environ.Env) -> str:
    url: str = env.str("CMS_PROMETHEUS_URL", default="").rstrip("/")
    if url and (not url.startswith(("http://", "https://")) or not urlsplit(url).hostname):
        raise ImproperlyConfigured(
            f"CMS_PROMETHEUS_URL is {url!r}; write scheme, host and port: http://prometheus.monitoring:9090."
        )
    return url


def _share(env: environ.Env, name: str, *, default: float) -> float:
    raw: str = env.str(name, default=str(default))
    try:
        share = float(raw)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise ImproperlyConfigured(f"{name} is {raw!r}; set it to a number from 0 to 1, such as 0.1.")
    return share


def _base_url(env: environ.Env) -> str:
    url: str = env.str("CMS_BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
    if not url.startswith(("http://", "https://")) or not urlsplit(url).hostname:
        raise ImproperlyConfigured(f"CMS_BASE_URL is {url!r}; write scheme and host: https://cms.example.org.")
    return url


def _email_url(env: environ.Env) -> str:
    url: str = env.str("CMS_EMAIL_URL", default="consolemail://")
    try:
        config = environ.Env.email_url_config(url)
    except (ValueError, ImproperlyConfigured) as error:
        raise ImproperlyConfigured(
            f"CMS_EMAIL_URL cannot be read ({error}); use smtp://user:password@host:port, or smtp+tls:// with STARTTLS."
        ) from error
    if url.startswith("smtp") and not config["EMAIL_HOST"]:
        raise ImproperlyConfigured("CMS_EMAIL_URL names no host; use smtp://user:password@host:port.")
    return url


def _origins(env: environ.Env) -> list[str]:
    origins: list[str] = env.list("CMS_CSRF_TRUSTED_ORIGINS", default=[])
    for origin in origins:
        if not origin.startswith(("http://", "https://")):
            raise ImproperlyConfigured(
                f"CMS_CSRF_TRUSTED_ORIGINS has {origin!r}; write the scheme too: https://{origin}."
            )
    return origins


def _redis_url(env: environ.Env) -> str:
    url: str = env.str("CMS_REDIS_URL", default="")
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ImproperlyConfigured("CMS_REDIS_URL must begin with redis://, rediss:// or unix://.")
    return url


def _boolean(env: environ.Env, name: str, *, default: bool) -> bool:
    raw: str = env.str(name, default="on" if default else "off")
    value = {"1": True, "true": True, "on": True, "yes": True, "0": False, "false": False, "off": False, "no": False}
    if raw.lower() not in value:
        raise ImproperlyConfigured(f"{name} is {raw!r}; set it to on or off.")
    return value[raw.lower()]


def _networks(env: environ.Env, name: str) -> list[str]:
    texts: list[str] = env.list(name, default=[])
    try:
        address.networks(texts)
    except address.WrongNetwork as error:
        raise ImproperlyConfigured(f"{name}: {error}") from error
    return texts


def _positive(env: environ.Env, name: str, *, default: int, least: int = 1) -> int:
    raw: str = env.str(name, default=str(default))
    if not raw.isdigit() or int(raw) < least:
        raise ImproperlyConfigured(f"{name} is {raw!r}; set it to a whole number of at least {least}.")
    return int(raw)
