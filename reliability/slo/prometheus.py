"""What does Prometheus know? A few questions over HTTP, all of them within one short time."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

Value = tuple[datetime, float]
Series = list[tuple[Mapping[str, str], list[Value]]]


class Unavailable(Exception):
    """Prometheus cannot be asked, or what it answers cannot be read; the message says why, without its address."""


@dataclass
class Prometheus:
    """A Prometheus that is asked several questions within `seconds` in all."""

    url: str
    seconds: float
    _ends: float = field(init=False)

    def __post_init__(self) -> None:
        self._ends = time.monotonic() + self.seconds

    def now(self, expression: str, *, at: datetime) -> Series:
        """Ask for the value of each series. Raises Unavailable."""
        found = self._ask("query", {"query": expression, "time": at.timestamp()}, "vector")
        return self._read(found, lambda each: [each["value"]])

    def over_time(self, expression: str, *, start: datetime, end: datetime, step_seconds: int) -> Series:
        """Ask for values, a step apart, both ends included. Raises Unavailable."""
        times = {"start": start.timestamp(), "end": end.timestamp(), "step": step_seconds}
        return self._read(
            self._ask("query_range", {"query": expression, **times}, "matrix"), lambda each: each["values"]
        )

    def _ask(self, name: str, parameters: dict[str, Any], kind: str) -> list[dict[str, Any]]:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise Unavailable(f"no answer within {self.seconds:g} s")
        try:
            answer = httpx.get(f"{self.url}/api/v1/{name}", params=parameters, timeout=left)
            content = answer.json()
            if content["status"] != "success" or content["data"]["resultType"] != kind:
                raise Unavailable(f"it refused a question ({content.get('errorType', answer.status_code)})")
            result: list[dict[str, Any]] = content["data"]["result"]
        except httpx.HTTPError as error:
            raise Unavailable(f"no answer ({type(error).__name__})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("its answer cannot be read") from error
        return result

    def _read(self, result: list[dict[str, Any]], values_of: Any) -> Series:
        try:
            return [(each["metric"], [_sample(*pair) for pair in values_of(each)]) for each in result]
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("its answer cannot be read") from error


def _sample(at: float, value: str) -> tuple[datetime, float]:
    return datetime.fromtimestamp(at, tz=UTC), float(value)
