"""Who says that something changed? A doorbell by Redis: it carries a version and never data.

Lost, doubled and reordered rings are harmless: polls are the guarantee, the doorbell is the speed.
"""

import json
import logging
import random
import time
from typing import Any

import redis

from reliability.flags import metrics
from reliability.flags.configuration import option

CHANNEL = "flags:changed"
TIMEOUT_SECONDS = 1.0
PAUSE_SECONDS = 5.0
"""Pause between attempts to reach Redis, give or take a fifth."""
logger = logging.getLogger(__name__)


def ring(version: int) -> None:
    """Ring the doorbell of this region. A lost ring costs time, not correctness: polls find the change too."""
    if not option("REDIS_URL"):
        return
    try:
        with _redis() as client:
            client.publish(CHANNEL, json.dumps({"v": version, "at": time.time()}))
    except redis.RedisError as error:
        logger.warning("the doorbell of flags cannot be rung (%s)", type(error).__name__)


def _redis() -> "redis.Redis":
    return redis.Redis.from_url(
        option("REDIS_URL"), socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


class Doorbell:
    """Waits for a ring; when Redis is away, just waits."""

    def __init__(self) -> None:
        self._listening: Any = None
        self._retry_at = 0.0

    def wait(self, seconds: float) -> dict[str, Any] | None:
        """Wait for a ring at most so long; gives what it carried."""
        if not option("REDIS_URL") or not self._listen():
            time.sleep(seconds)
            return None
        try:
            message = self._listening.get_message(ignore_subscribe_messages=True, timeout=seconds)
            return json.loads(message["data"]) if message else None
        except (redis.RedisError, OSError, ValueError):
            metrics.SOURCE_UP.labels("redis").set(0)
            self._listening = None
            return None

    def _listen(self) -> bool:
        if self._listening is not None:
            return True
        if time.monotonic() < self._retry_at:
            return False
        self._retry_at = time.monotonic() + PAUSE_SECONDS * random.uniform(0.8, 1.2)
        try:
            listening = _redis().pubsub()  # type: ignore[no-untyped-call]  # the library has no type for it
            listening.subscribe(CHANNEL)
        except (redis.RedisError, OSError):
            metrics.SOURCE_UP.labels("redis").set(0)
            return False
        metrics.SOURCE_UP.labels("redis").set(1)
        self._listening = listening
        return True
