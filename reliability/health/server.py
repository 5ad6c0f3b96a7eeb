"""Who answers on the ops port? A small threaded server of the standard library, whose handlers read state only."""

import logging
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from prometheus_client import CONTENT_TYPE_LATEST

from reliability.health import metrics
from reliability.health.answers import BRIEF, PATHS, Answer, answer
from reliability.health.verdicts import Picture

METRICS = "/metrics"
CALLER_SECONDS = 5.0
"""How long a caller may take to send its request, or to take the answer."""
CALLERS_MAX = 32
"""At once; more are turned away, so that callers who hang never fill the process."""
logger = logging.getLogger(__name__)


class OpsServer(ThreadingHTTPServer):
    """Answers health paths and metrics of one instance."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], picture: Callable[[], Picture]) -> None:
        self.picture = picture
        self._places = threading.BoundedSemaphore(CALLERS_MAX)
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Take a caller while there is room."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that go away are no news."""
        logger.debug("a caller on the ops port was not answered", exc_info=True)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: OpsServer
    server_version = "ops"
    sys_version = ""
    timeout = CALLER_SECONDS

    def do_GET(self) -> None:
        self._send(self._answer(), with_body=True)

    def do_HEAD(self) -> None:
        self._send(self._answer(), with_body=False)

    def _answer(self) -> Answer:
        asked = urlsplit(self.path)
        if asked.path in PATHS:
            return answer(asked.path, asked.query, self.server.picture(), is_trusted=True)
        if asked.path == METRICS:
            return Answer(200, CONTENT_TYPE_LATEST, metrics.exposition())
        known = ", ".join([*PATHS, METRICS])
        return Answer(404, BRIEF, f'{{"detail": "There are: {known}"}}'.encode())

    def _send(self, found: Answer, *, with_body: bool) -> None:
        self.send_response(found.status)
        for name, value in found.headers:
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(found.body)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  # the name is that of the library
        """Probes come every few seconds: a line for each would hide everything else."""
        logger.debug(format, *arguments)
