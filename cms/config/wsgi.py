"""The WSGI application that gunicorn serves, from the inside out."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings")

_django = get_wsgi_application()

from django.conf import settings  # noqa: E402

from cms.config import startup  # noqa: E402  (needs the settings)
from reliability.health.wsgi import Probes  # noqa: E402
from reliability.limits.slots import Slots  # noqa: E402
from reliability.telemetry import requests, tracing  # noqa: E402
from reliability.telemetry.wsgi import MetricsPage, RequestTelemetry  # noqa: E402

requests.begin_at_zero()


def _site(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request; the first one of a process starts its background threads, also after a fork."""
    tracing.start("web")
    startup.listen()
    return _django(environ, start_response)


_limited = Slots(_site, slots=settings.REQUEST_SLOTS, seconds=settings.REQUEST_SECONDS)
_measured = RequestTelemetry(_limited)
application = Probes(MetricsPage(_measured) if settings.METRICS_ON_SITE else _measured)
