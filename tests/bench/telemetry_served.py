"""The watched site for gunicorn; the instrumentation begins with the first request of a worker, after the fork."""

from collections.abc import Callable
from typing import Any

from tests.bench import telemetry_variant

telemetry_variant.configure()
_made: list[Callable[..., Any]] = []


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
    if not _made:
        _made.extend(telemetry_variant.make())
    return _made[0](environ, start_response)
