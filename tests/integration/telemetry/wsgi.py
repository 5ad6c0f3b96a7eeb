"""A WSGI server's part, as small as it can be: one request, its answer, and its end."""

import io
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from prometheus_client import REGISTRY, generate_latest

from reliability.telemetry import ledger

Application = Callable[..., Iterable[bytes]]


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(application: Application, path: str = "/", *, method: str = "GET", **environ: Any) -> Answer:
    """Send one request to an application, read its answer, and close it."""
    began: list[Any] = []
    asked = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **environ,
    }
    body = application(asked, lambda status, headers, *more: began.extend((status, headers)))
    try:
        content = b"".join(body)
    finally:
        if hasattr(body, "close"):
            body.close()
    return Answer(int(began[0][:3]), dict(began[1]), content)


def count(name: str, **labels: object) -> float:
    """Read a number of this process; 0 when there is no such series."""
    ledger.settle()
    return REGISTRY.get_sample_value(name, {key: str(value) for key, value in labels.items()}) or 0.0


def series() -> set[str]:
    """List every series of this process, without its value."""
    ledger.settle()
    page = generate_latest(REGISTRY).decode()
    return {re.sub(r" \S+$", "", line) for line in page.splitlines() if line and not line.startswith("#")}
