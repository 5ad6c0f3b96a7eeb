"""The WSGI application that gunicorn serves."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.config.settings")

_django = get_wsgi_application()

from reliability.flags import process as flags  # noqa: E402
from reliability.outbox import runner  # noqa: E402  (needs the settings)
from reliability.routing import session  # noqa: E402
from reliability.telemetry import requests, tracing  # noqa: E402
from reliability.telemetry.wsgi import MetricsPage, RequestTelemetry  # noqa: E402

requests.begin_at_zero()


def _serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer a request; the first one of a process starts its background threads, also after a fork."""
    # Not when this is imported, which commands do too: a process that serves lets its threads read where readers do.
    session.set_process_role("replica")
    tracing.start("web")
    runner.ensure_started()
    flags.ensure_started()
    return _django(environ, start_response)


application = MetricsPage(RequestTelemetry(_serve))
