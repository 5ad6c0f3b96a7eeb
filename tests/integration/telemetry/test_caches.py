"""How often a cache has what is asked for is counted, whatever is stored in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count as numbers

import pytest
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.test import override_settings

from reliability.lab.processes import free_port
from reliability.lab.servers import redis
from tests.integration.telemetry.wsgi import count

MEMORY = "reliability.telemetry.caches.CountedLocMemCache"
REDIS = "reliability.telemetry.caches.CountedRedisCache"
_labels = (f"cache-{number}" for number in numbers())


@contextmanager
def cache_of(backend: str, location: str) -> Iterator[tuple[BaseCache, str]]:
    """Make a cache, and give it with the name under which it counts."""
    label = next(_labels)
    entry = {"BACKEND": backend, "LOCATION": location, "LABEL": label}
    with override_settings(CACHES={"default": entry}):
        yield caches["default"], label


@pytest.fixture(params=["memory", "redis"])
def cache(request: pytest.FixtureRequest) -> Iterator[tuple[BaseCache, str]]:
    if request.param == "memory":
        with cache_of(MEMORY, next(_labels)) as made:
            yield made
    else:
        with redis() as server, cache_of(REDIS, server.url) as made:
            yield made


def counts(label: str) -> tuple[float, float, float, float]:
    names = ("get", "get_hits", "get_misses", "get_fail")
    asked, hits, misses, failed = (count(f"django_cache_{name}_total", backend=label) for name in names)
    return asked, hits, misses, failed


def test_hits_and_misses_are_told_apart(cache: tuple[BaseCache, str]) -> None:
    store, label = cache
    store.set("zero", 0)

    assert (store.get("zero"), store.get("none", "default")) == (0, "default")

    assert counts(label) == (2, 1, 1, 0)


def test_a_stored_none_is_a_hit(cache: tuple[BaseCache, str]) -> None:
    store, label = cache
    store.set("none", None)

    assert store.get("none", "default") is None

    assert counts(label) == (1, 1, 0, 0)


def test_each_of_several_keys_counts(cache: tuple[BaseCache, str]) -> None:
    store, label = cache
    store.set("a", 1)

    assert store.get_many(["a", "b", "c"]) == {"a": 1}

    assert counts(label) == (3, 1, 2, 0)


def test_a_cache_that_is_away_counts_as_failure() -> None:
    with cache_of(REDIS, f"redis://127.0.0.1:{free_port()}/0") as (store, label):
        with pytest.raises(Exception, match="refused"):
            store.get("a")
        with pytest.raises(Exception, match="refused"):
            store.get_many(["a", "b"])

    assert counts(label) == (3, 0, 0, 3)
