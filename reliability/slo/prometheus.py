"""What does Prometheus know? A few questions over HTTP; who asks sets one short deadline around all of them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import httpx

from reliability.limits.breaker import ServiceAway
from reliability.limits.deadline import DeadlineExceeded
from reliability.limits.outgoing import Service, ServiceBusy
from reliability.limits.retry import Attempts

SECONDS = 2.0
ONCE = {"Connection": "close"}
"""A process asks once a minute at most: a connection would wait in vain."""
Value = tuple[datetime, float]
Series = list[tuple[Mapping[str, str], list[Value]]]

service = Service("prometheus", timeout_seconds=SECONDS, attempts=Attempts(limit=1))


class Unavailable(Exception):
    """Prometheus cannot be asked, or what it answers cannot be read; the message says why, without its address."""


def now(url: str, expression: str, *, at: datetime) -> Series:
    """Ask for the value of each series. Raises Unavailable."""
    found = _ask(url, "query", {"query": expression, "time": at.timestamp()}, "vector")
    return _read(found, lambda each: [each["value"]])


def over_time(url: str, expression: str, *, start: datetime, end: datetime, step_seconds: int) -> Series:
    """Ask for values, a step apart, both ends included. Raises Unavailable."""
    times = {"start": start.timestamp(), "end": end.timestamp(), "step": step_seconds}
    found = _ask(url, "query_range", {"query": expression, **times}, "matrix")
    return _read(found, lambda each: each["values"])


def _ask(url: str, name: str, parameters: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    try:
        answer = service.ask("GET", f"{url}/api/v1/{name}", params=parameters, headers=ONCE)
        content = answer.json()
        if content["status"] != "success" or content["data"]["resultType"] != kind:
            raise Unavailable(f"it refused a question ({content.get('errorType', answer.status_code)})")
        result: list[dict[str, Any]] = content["data"]["result"]
    except (httpx.TransportError, ServiceBusy, DeadlineExceeded) as error:
        raise Unavailable(f"no answer ({type(error).__name__})") from error
    except ServiceAway as error:
        raise Unavailable("no answer several times, so it is left alone for a while") from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable("its answer cannot be read") from error
    return result


def _read(result: list[dict[str, Any]], values_of: Callable[[dict[str, Any]], Any]) -> Series:
    try:
        return [(each["metric"], [_value(*pair) for pair in values_of(each)]) for each in result]
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable("its answer cannot be read") from error


def _value(at: float, value: str) -> Value:
    return datetime.fromtimestamp(at, tz=UTC), float(value)
