"""How does a test wait for another process without a fixed delay?"""

import time
from collections.abc import Callable

LIMIT_SECONDS = 60
"""Far beyond what anything takes: it bounds a hang, it does not measure."""


def wait_until(is_true: Callable[[], bool], *, or_show: Callable[[], str] = str) -> None:
    """Wait until `is_true`; fail, showing `or_show`, when it does not come true."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, f"It did not happen within {LIMIT_SECONDS} seconds. {or_show()}"
        time.sleep(0.05)
