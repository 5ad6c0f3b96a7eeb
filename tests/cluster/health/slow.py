"""The site, with an address that stays in its slot until a file appears: /stay/<file>."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cms.config import wsgi
from reliability.health.wsgi import Probes
from reliability.limits.slots import Slots
from reliability.telemetry.wsgi import RequestTelemetry

STAY = "/stay"
LIMIT_SECONDS = 120
settings = wsgi.settings


def stay(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer late at one address, and as the site at all others."""
    path = environ["PATH_INFO"]
    if not path.startswith(STAY):
        return wsgi._site(environ, start_response)
    end = time.monotonic() + LIMIT_SECONDS
    while not Path(path.removeprefix(STAY)).exists() and time.monotonic() < end:
        time.sleep(0.02)
    start_response("200 OK", [("Content-Length", "5")])
    return [b"done\n"]


application = Probes(RequestTelemetry(Slots(stay, slots=settings.REQUEST_SLOTS, seconds=settings.REQUEST_SECONDS)))
