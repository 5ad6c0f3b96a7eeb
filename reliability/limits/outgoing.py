"""How is another service asked over HTTP? In the time left, again where that is safe, never while it is down."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from prometheus_client import Counter, Histogram

from reliability.limits.breaker import Breaker, ServiceAway
from reliability.limits.deadline import DeadlineExceeded, remaining, shortest
from reliability.limits.retry import Attempts, Budget, retrying

TIMEOUT_SECONDS = 5.0
RETRY_PERCENT = 10.0
ANSWER_BYTES_MAX = 16 * 1024 * 1024
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
"""Methods that may be sent twice (RFC 9110, idempotent)."""
BUSY = frozenset({429, 502, 503, 504})
"""Answers that say: not now."""

calls = Counter("limits_outgoing_total", "Calls to other services.", ["service", "outcome"])
seconds = Histogram("limits_outgoing_seconds", "How long calls to other services took.", ["service"])


class ServiceBusy(Exception):
    """The service answered, and the answer was: not now."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__(f"{response.request.url.host} answered {response.status_code}")
        self.response = response


FAILURES: tuple[type[Exception], ...] = (httpx.TransportError, ServiceBusy)


@dataclass
class Service:
    """One service that is asked, with what is known of it in this process. Make one, and keep it."""

    name: str
    """For metrics and messages: one of few."""
    timeout_seconds: float = TIMEOUT_SECONDS
    """For one attempt; less when the request that waits has less time left."""
    attempts: Attempts = field(default_factory=Attempts)
    transport: httpx.BaseTransport | None = None
    """None: the network. Tests give another one."""
    breaker: Breaker = field(init=False)

    def __post_init__(self) -> None:
        self.breaker = Breaker(self.name)
        self._budget = Budget(percent=RETRY_PERCENT)
        # Redirects are not followed: a service that we ask does not choose whom else we ask.
        self._client = httpx.Client(transport=self.transport, follow_redirects=False, trust_env=False)

    def ask(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, **options: Any) -> httpx.Response:
        """Send a request; `options` are those of httpx, such as `json` and `params`.

        Answers of any status are returned, but for BUSY after the last attempt.
        Raises httpx.TransportError, ServiceBusy, ServiceAway, DeadlineExceeded.
        """
        attempts = self.attempts if method.upper() in REPEATABLE else Attempts(limit=1)

        def attempt() -> httpx.Response:
            return self.breaker.call(lambda: self._send(method, url, headers, options), failures=FAILURES)

        try:
            response = retrying(attempt, on=FAILURES, budget=self._budget, attempts=attempts)
        except (httpx.TransportError, ServiceBusy, ServiceAway, DeadlineExceeded) as error:
            calls.labels(self.name, _outcome(error)).inc()
            raise
        calls.labels(self.name, "answered").inc()
        return response

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._client.close()

    def _send(
        self, method: str, url: str, headers: Mapping[str, str] | None, options: Mapping[str, Any]
    ) -> httpx.Response:
        if remaining() == 0.0:
            raise DeadlineExceeded(f"There is no time left to ask {self.name}.")
        timeout, began = shortest(self.timeout_seconds), time.monotonic()
        try:
            with self._client.stream(method, url, headers=headers, timeout=timeout, **options) as answer:
                response = _whole(answer, until=began + timeout)
        finally:
            seconds.labels(self.name).observe(time.monotonic() - began)
        if response.status_code in BUSY:
            raise ServiceBusy(response)
        return response


def _whole(answer: httpx.Response, *, until: float) -> httpx.Response:
    """Read an answer to its end, in time: httpx's own timeout begins anew with each piece, however small it is."""
    if answer.is_stream_consumed:
        return answer  # A transport that is no network gives it whole.
    pieces, size = [], 0
    for piece in answer.iter_raw():
        size += len(piece)
        if size > ANSWER_BYTES_MAX:
            raise httpx.ReadError(f"The answer has more than {ANSWER_BYTES_MAX} bytes.", request=answer.request)
        if time.monotonic() > until:
            raise httpx.ReadTimeout("The answer did not end in time.", request=answer.request)
        pieces.append(piece)
    return httpx.Response(answer.status_code, headers=answer.headers, content=b"".join(pieces), request=answer.request)


def _outcome(error: Exception) -> str:
    """Name an outcome; a closed set, as it is a label."""
    match error:
        case ServiceAway():
            return "not_asked"
        case DeadlineExceeded():
            return "no_time"
        case ServiceBusy():
            return "busy"
        case httpx.TimeoutException():
            return "timeout"
    return "unreachable"
