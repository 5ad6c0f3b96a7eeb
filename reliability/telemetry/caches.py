"""How often does a cache have what is asked for? Django's caches, counting in django-prometheus's metrics.

That library's own classes need another Redis client, take a stored None for a miss, and call all caches of a class by
one name. Here `LABEL` in CACHES names a cache; without it, it is `default`.
"""

from collections.abc import Iterable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django_prometheus.cache.metrics import (
    django_cache_get_fail_total,
    django_cache_get_total,
    django_cache_hits_total,
    django_cache_misses_total,
)

MISSING = object()


class Counted:
    """What both caches count."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)  # type: ignore[call-arg]  # the cache beside it
        label = params.get("LABEL", "default")
        self._asked, self._hits = django_cache_get_total.labels(label), django_cache_hits_total.labels(label)
        self._misses, self._failed = django_cache_misses_total.labels(label), django_cache_get_fail_total.labels(label)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        self._asked.inc()
        try:
            value = super().get(key, MISSING, version)  # type: ignore[misc]  # of the cache beside it
        except Exception:
            self._failed.inc()
            raise
        if value is MISSING:
            self._misses.inc()
            return default
        self._hits.inc()
        return value


class CountedLocMemCache(Counted, LocMemCache):
    """A cache in the memory of this process; it asks for several keys one by one, so they are counted."""


class CountedRedisCache(Counted, RedisCache):
    """A cache in Redis, which asks for several keys at once."""

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        asked = list(keys)
        self._asked.inc(len(asked))
        try:
            found: dict[Any, Any] = super().get_many(asked, version)
        except Exception:
            self._failed.inc(len(asked))
            raise
        self._hits.inc(len(found))
        self._misses.inc(len(asked) - len(found))
        return found
