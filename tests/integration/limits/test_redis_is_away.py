"""Rates are counted for all processes in Redis; when it is away, each process counts alone, and nobody waits for it."""

import time
from collections.abc import Iterator

import pytest

from reliability.lab.links import Link, network
from reliability.lab.servers import redis
from reliability.limits import rate
from reliability.limits.rate import Policy, RateLimiter

pytestmark = pytest.mark.sqlite  # They bring their server along: once is enough.
POLICY = Policy("api", 5)


@pytest.fixture(scope="module")
def server() -> Iterator[Link]:
    with redis() as queue, network() as links:
        yield links.open(target=queue.port)


@pytest.fixture
def link(server: Link) -> Iterator[Link]:
    yield server
    server.heal()


def limiter(link: Link) -> RateLimiter:
    return RateLimiter(f"redis://127.0.0.1:{link.port}/0")


def test_processes_count_together(link: Link) -> None:
    one, other = limiter(link), limiter(link)

    counts = [each.take(POLICY, "together").count for each in (one, other, one, other)]

    assert counts == [1, 2, 3, 4]


def test_counts_are_forgotten_by_themselves(link: Link) -> None:
    one = limiter(link)
    one.take(POLICY, "forgotten")

    storage = one._redis
    assert storage is not None
    keys = storage.get_connection().keys("rate:api:forgotten:*")
    assert len(keys) == 1
    assert 0 < storage.get_connection().ttl(keys[0]) <= 60


@pytest.mark.parametrize("fault", ["blackhole", "refuse", "reset"])
def test_without_redis_a_process_counts_alone_and_hardly_waits(link: Link, fault: str) -> None:
    one = limiter(link)
    one.take(POLICY, fault)
    getattr(link, fault)()

    began = time.monotonic()
    turns = [one.take(POLICY, fault) for _ in range(100)]
    took = time.monotonic() - began

    assert [turn.is_allowed for turn in turns[:6]] == [True] * 5 + [False]
    assert took < 2  # One look at Redis, of a tenth of a second; a hundred would be ten.


def test_when_redis_is_back_it_counts_again(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "AWAY_SECONDS", 0.2)
    one = limiter(link)
    one.take(POLICY, "back")
    link.refuse()
    one.take(POLICY, "back")
    link.heal()
    time.sleep(0.3)

    assert one.take(POLICY, "back").count == 2
