"""Do these settings go together? What no single value shows, as system checks: `manage.py check --deploy`.

Values that are wrong by themselves never come this far: env.py refuses to start with them. Errors stop every command;
the warnings are for those who deploy.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register

from cms.config.env import Environment

LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}
Messages = list[CheckMessage]


@register(Tags.security)
def check_production(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> Messages:
    """Refuse what must never happen in production, in every command."""
    if not settings.PRODUCTION:
        return []
    return [*_debug(), *_eager_tasks(settings.ENVIRONMENT)]


@register(Tags.security, deploy=True)
def check_deployment(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> Messages:
    """Warn of what works, but not as a site should that people rely on."""
    environment: Environment = settings.ENVIRONMENT
    if not environment.is_production:
        return [_development()]
    parts = (_sqlite, _redis, _tls, _email, _base_url, _hosts)
    return [message for part in parts for message in part(environment)]


def _debug() -> Messages:
    if not settings.DEBUG:
        return []
    return [Error("DEBUG is on in production.", hint="Leave DEBUG to CMS_MODE; do not set it.", id="cms.E001")]


def _eager_tasks(environment: Environment) -> Messages:
    if not environment.task_always_eager:
        return []
    hint = "Remove CMS_TASK_ALWAYS_EAGER; it is for unit tests."
    return [Error("Tasks would run inside requests in production.", hint=hint, id="cms.E002")]


def _development() -> CheckMessage:
    hint = "Set CMS_MODE=production and check again."
    return checks.Warning("CMS_MODE is development: it serves error pages with source code.", hint=hint, id="cms.W001")


def _sqlite(environment: Environment) -> Messages:
    if not environment.database_url.startswith("sqlite"):
        return []
    hint = "Set CMS_DATABASE_URL=postgres://user:password@host:port/name."
    return [checks.Warning("Production runs on SQLite: one machine, one writer, no replica.", hint=hint, id="cms.W002")]


def _redis(environment: Environment) -> Messages:
    if environment.redis_url:
        return []
    hint = "Set CMS_REDIS_URL=redis://host:port/0 and run a Celery worker and Celery beat."
    return [checks.Warning("Without Redis, tasks of one process reach no worker.", hint=hint, id="cms.W003")]


def _tls(environment: Environment) -> Messages:
    if environment.tls:
        return []
    hint = "Remove CMS_TLS=off, and let the load balancer speak https (with CMS_TRUST_PROXY=on)."
    return [checks.Warning("People reach the site by plain http; passwords can be read.", hint=hint, id="cms.W004")]


def _email(environment: Environment) -> Messages:
    if environment.email_url.startswith(("smtp", "submission")):
        return []
    hint = "Set CMS_EMAIL_URL=smtp://user:password@host:port."
    return [checks.Warning("E-mails are printed, not sent: invitations reach nobody.", hint=hint, id="cms.W005")]


def _base_url(environment: Environment) -> Messages:
    url = urlsplit(environment.base_url)
    if url.hostname in LOCAL_HOSTS:
        problem = "Links in e-mails lead to the machine of the reader."
    elif environment.tls and url.scheme != "https":
        problem = "Links in e-mails lead to http, though the site is reached by https."
    else:
        return []
    hint = f"Set CMS_BASE_URL, for example to https://{environment.allowed_hosts[0]}."
    return [checks.Warning(problem, hint=hint, id="cms.W006")]


def _hosts(environment: Environment) -> Messages:
    host = urlsplit(environment.base_url).hostname or ""
    named = environment.allowed_hosts
    if host in LOCAL_HOSTS or host in named or any(each.startswith(".") and host.endswith(each) for each in named):
        return []
    hint = f"Add {host} to CMS_ALLOWED_HOSTS, or mend CMS_BASE_URL."
    return [
        checks.Warning(f"Links in e-mails lead to {host}, which this site does not answer.", hint=hint, id="cms.W007")
    ]
