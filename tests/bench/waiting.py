"""The site, with an address whose answer waits for the database: what a slot is taken for, most of the time."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from cms.config import wsgi
from reliability.health.wsgi import Probes
from reliability.limits.slots import Slots
from reliability.telemetry.wsgi import RequestTelemetry

PATH = "/wait"
WAIT = "SELECT pg_sleep(0.04)"
settings = wsgi.settings


def wait(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Wait at one address, and answer as the site at all others."""
    if environ["PATH_INFO"] != PATH:
        return wsgi._site(environ, start_response)
    try:
        with connection.cursor() as cursor:
            cursor.execute(WAIT)
    finally:
        connection.close()
    start_response("200 OK", [("Content-Length", "5")])
    return [b"done\n"]


application = Probes(RequestTelemetry(Slots(wait, slots=settings.REQUEST_SLOTS, seconds=settings.REQUEST_SECONDS)))
