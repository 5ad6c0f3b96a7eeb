"""How often may one client ask? Counted in windows of a minute: in Redis for all processes, in memory when it is away.

The windows are aligned to the clock and counted by one increment each, so a request costs one round trip. The library's
memory storage starts a thread every 10 ms and walks all clients in it; the counts of this process are a dictionary.
"""

import hashlib
import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from limits.storage import RedisStorage
from prometheus_client import Counter
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from reliability.telemetry.ledger import Noted, counted

WINDOW_SECONDS = 60
REDIS_SECONDS = 0.1
"""How long a request may wait for Redis: counting is worth no more."""
AWAY_SECONDS = 5.0
"""For how long Redis is not asked after it did not answer."""
CLIENTS_MAX = 100_000
"""Clients that a process counts in one window; beyond, it begins anew rather than to grow."""
JITTER_SECONDS = 3
"""`Retry-After` is spread by this, so that those who were refused together do not come back together."""
PREFIX = "rate"

answered = Counter("limits_rate_total", "Requests that were counted.", ["policy", "outcome"])
fallbacks = Counter("limits_rate_fallbacks_total", "Times that Redis was away, so that this process counted alone.")


@dataclass(frozen=True)
class Policy:
    """So many requests in a window, for each client."""

    name: str
    quota: int
    window_seconds: int = WINDOW_SECONDS

    @cached_property
    def header(self) -> str:
        """Write it for RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10)."""
        return f'"{self.name}";q={self.quota};w={self.window_seconds}'


@dataclass(frozen=True, slots=True)
class Turn:
    """What one request was told."""

    policy: Policy
    count: int
    reset_seconds: int
    """Until the window ends."""

    @property
    def is_allowed(self) -> bool:
        return self.count <= self.policy.quota

    @property
    def headers(self) -> dict[str, str]:
        """Give the fields of the draft; Retry-After with a refusal."""
        left = max(0, self.policy.quota - self.count)
        fields = {
            "RateLimit-Policy": self.policy.header,
            "RateLimit": f'"{self.policy.name}";r={left};t={self.reset_seconds}',
        }
        if not self.is_allowed:
            fields["Retry-After"] = str(self.reset_seconds + random.randint(0, JITTER_SECONDS))
        return fields


class Windows:
    """Counts of one process. Those of a window that is over are dropped."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, int]] = {}

    def increment(self, key: str, window: int) -> int:
        """Count one more in this window, and tell how many that are."""
        with self._lock:
            if key not in self._counts and len(self._counts) >= CLIENTS_MAX:
                self._counts.clear()
            known, count = self._counts.get(key, (window, 0))
            count = count + 1 if known == window else 1
            self._counts[key] = (window, count)
            return count


class RateLimiter:
    """Counts for all processes by Redis at `url`; empty: for this process alone."""

    def __init__(self, url: str = "", *, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._windows = Windows()
        self._redis = _connect(url) if url else None
        self._away_until = 0.0

    def take(self, policy: Policy, client: str) -> Turn:
        """Count a request of a client. It waits for Redis for a moment at most, and never fails for it."""
        # Each client's window begins elsewhere: otherwise all who were refused would return in the same second.
        seconds = self._clock() + _phase(client, policy.window_seconds)
        window, passed = divmod(seconds, policy.window_seconds)
        count = self._count(f"{policy.name}:{client}", int(window), policy)
        turn = Turn(policy, count, max(1, math.ceil(policy.window_seconds - passed)))
        _answered(policy.name, turn.is_allowed).note()
        return turn

    def _count(self, key: str, window: int, policy: Policy) -> int:
        if self._redis is not None and self._clock() >= self._away_until:
            try:
                return self._redis.incr(f"{key}:{window}", policy.window_seconds)
            except (RedisError, OSError):
                self._away_until = self._clock() + AWAY_SECONDS
                fallbacks.inc()
        return self._windows.increment(key, window)


def _connect(url: str) -> RedisStorage:
    """Prepare a connection, without a network: the first count connects. Nothing is tried twice within a request."""
    pool = ConnectionPool.from_url(
        url,
        socket_connect_timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    return RedisStorage("redis://", connection_pool=pool, key_prefix=PREFIX)


@lru_cache(maxsize=64)
def _answered(policy: str, is_allowed: bool) -> Noted:
    return counted(answered.labels(policy, "allowed" if is_allowed else "refused"))


@lru_cache(maxsize=10_000)
def _phase(client: str, window_seconds: int) -> float:
    digest = hashlib.blake2b(client.encode(), digest_size=4).digest()
    return int.from_bytes(digest) / (1 << 32) * window_seconds
