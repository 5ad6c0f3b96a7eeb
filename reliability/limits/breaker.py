"""Is it worth asking this service now? After some failures in a row nobody asks for a while; then one tries.

pybreaker keeps the state. Its own `call` holds a lock while the call runs, so that calls to one service would go one
after the other: here the call runs outside of it, and only its outcome is told to pybreaker.
"""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from prometheus_client import Gauge
from pybreaker import STATE_OPEN, CircuitBreaker, CircuitBreakerError

T = TypeVar("T")
FAILURES = 5
OPEN_SECONDS = 15.0
state = Gauge("limits_breaker_open", "1 while a service is not asked.", ["service"], multiprocess_mode="livemax")


class ServiceAway(Exception):
    """The service failed several times in a row and is not asked at the moment."""


class Breaker:
    """The breaker of one service, for all threads of this process."""

    def __init__(
        self,
        service: str,
        *,
        failures: int = FAILURES,
        open_seconds: float = OPEN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.service = service
        self._open_seconds = open_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._try_at = 0.0
        # Its own clock is that of the wall; 0 leaves the question when to try to us.
        self._circuit = CircuitBreaker(fail_max=failures, reset_timeout=0, throw_new_error_on_trip=False, name=service)

    @property
    def is_open(self) -> bool:
        return self._circuit.current_state == STATE_OPEN

    def call(self, call: Callable[[], T], *, failures: tuple[type[Exception], ...]) -> T:
        """Make the call, and count it as failed when it raises one of `failures`. Raises ServiceAway without asking."""
        self._admit()
        try:
            result = call()
        except failures as error:
            self._tell(error)
            raise
        self._tell(None)
        return result

    def _admit(self) -> None:
        with self._lock:
            if not self.is_open:
                return
            left = self._try_at - self._clock()
            if left > 0:
                raise ServiceAway(f"{self.service} failed repeatedly; it is asked again in {left:.0f} s.")
            self._try_at = self._clock() + self._open_seconds  # One caller tries; the others wait for what it finds.

    def _tell(self, error: Exception | None) -> None:
        with self._lock:
            try:
                self._circuit.call(_outcome, error)
            except CircuitBreakerError:
                pass
            except Exception as told:
                if told is not error:
                    raise
            if error is not None and self.is_open:
                self._try_at = self._clock() + self._open_seconds
            state.labels(self.service).set(self.is_open)


def _outcome(error: Exception | None) -> None:
    if error is not None:
        raise error
