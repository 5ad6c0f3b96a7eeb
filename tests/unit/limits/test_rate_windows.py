"""A client has a quota in each window, and is told what is left and when the next one begins."""

import re

import pytest

from reliability.limits import rate
from reliability.limits.rate import Policy, RateLimiter

POLICY = Policy("api", 3)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def test_beyond_the_quota_a_client_is_refused_until_the_window_ends() -> None:
    clock = Clock()
    limiter = RateLimiter(clock=clock)

    turns = [limiter.take(POLICY, "203.0.113.5") for _ in range(4)]
    clock.now += turns[-1].reset_seconds
    again = limiter.take(POLICY, "203.0.113.5")

    assert [turn.is_allowed for turn in turns] == [True, True, True, False]
    assert again.is_allowed


def test_clients_and_policies_are_counted_apart() -> None:
    limiter = RateLimiter(clock=Clock())
    for _ in range(4):
        refused = limiter.take(POLICY, "203.0.113.5")

    assert not refused.is_allowed
    assert limiter.take(POLICY, "203.0.113.6").is_allowed
    assert limiter.take(Policy("other", 3), "203.0.113.5").is_allowed


def test_the_headers_are_those_of_the_draft() -> None:
    limiter = RateLimiter(clock=Clock())

    headers = limiter.take(POLICY, "203.0.113.5").headers

    assert headers["RateLimit-Policy"] == '"api";q=3;w=60'
    assert re.fullmatch(r'"api";r=2;t=([1-9]|[1-5][0-9]|60)', headers["RateLimit"])
    assert "Retry-After" not in headers


def test_a_refusal_says_when_to_come_back_and_not_the_same_to_all() -> None:
    limiter = RateLimiter(clock=Clock())
    for _ in range(4):
        turn = limiter.take(POLICY, "203.0.113.5")

    waits = {int(turn.headers["Retry-After"]) for _ in range(50)}

    assert min(waits) >= turn.reset_seconds
    assert max(waits) <= turn.reset_seconds + 3
    assert len(waits) > 1


def test_the_windows_of_clients_begin_at_different_times() -> None:
    limiter = RateLimiter(clock=Clock())

    assert len({limiter.take(POLICY, f"203.0.113.{host}").reset_seconds for host in range(50)}) > 10


def test_a_process_counts_a_bounded_number_of_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "CLIENTS_MAX", 10)
    limiter = RateLimiter(clock=Clock())

    for host in range(100):
        limiter.take(POLICY, f"203.0.113.{host}")

    assert len(limiter._windows._counts) <= 10
