"""Does Redis answer, which carries tasks, counters and hints? A site without it is slower and loses nothing."""

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

from reliability.telemetry.probe import Probe, Result, Scope

SCHEMES = ("redis://", "rediss://", "unix://")


class RedisProbe(Probe):
    """Warns when Redis does not answer a PING within a second."""

    name = "redis"
    scope: Scope = "shared"
    interval = 2.0
    timeout = 2.0

    def __call__(self) -> Result:
        url = str(settings.CELERY_BROKER_URL)
        if not url.startswith(SCHEMES):
            return Result("pass", 0.0, "servers")  # Tasks run in this process: there is nothing to lose.
        try:
            retry = Retry(NoBackoff(), 0)
            with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1, retry=retry) as client:
                client.ping()
        except (redis.RedisError, OSError):
            return Result("warn", 0.0, "servers")
        return Result("pass", 1.0, "servers")


broker = RedisProbe()
