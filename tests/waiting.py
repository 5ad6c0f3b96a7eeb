"""How does a test wait for another process without a fixed delay?"""

import time
from collections.abc import Callable

from reliability.telemetry.ledger import SETTLE_SECONDS

LIMIT_SECONDS = 60
"""Far beyond what anything takes: it bounds a hang, it does not measure."""


def wait_until(is_true: Callable[[], bool], *, or_show: Callable[[], str] = str) -> None:
    """Wait until `is_true`; fail, showing `or_show`, when it does not come true."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, f"It did not happen within {LIMIT_SECONDS} seconds. {or_show()}"
        time.sleep(0.05)


def at_rest(read: Callable[[], float], *, seconds: float = 2 * SETTLE_SECONDS) -> float:
    """Read a number that processes settle now and then, until it stays the same for as long as that takes."""
    readings = [read()]
    while len(readings) < 2 or readings[-1] != readings[-2]:
        assert len(readings) < LIMIT_SECONDS, f"It does not come to rest: {readings}"
        time.sleep(seconds)
        readings.append(read())
    return readings[-1]
