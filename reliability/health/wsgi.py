"""Who answers probes on the main port? This wrapper, before everything else: no host check, no cookie, no redirect."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from reliability.health import process
from reliability.health.answers import PATHS, answer

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Probes:
    """A WSGI application that answers health paths, and passes everything else on."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path not in PATHS:
            return self._application(environ, start_response)
        method = environ.get("REQUEST_METHOD", "GET")
        found = answer(
            path,
            environ.get("QUERY_STRING", ""),
            process.ensure_started().picture(),
            method=method,
            authorization=environ.get("HTTP_AUTHORIZATION", ""),
        )
        start_response(f"{found.status} {HTTPStatus(found.status).phrase}", found.headers)
        return [] if method == "HEAD" else [found.body]
