"""Who hears of a newer snapshot? Those who wait for one, and the subscribers; all others read `current.snapshot()`."""

import threading
import time
from collections.abc import Callable

from reliability.routing import current
from reliability.routing.topology import Snapshot

STALE_SECONDS = 3.0
"""Age from which a snapshot is not trusted: each connection is then asked what its node is."""
Subscriber = Callable[[Snapshot, Snapshot], None]

_changed = threading.Condition()
_subscribers: list[Subscriber] = []


def publish(snapshot: Snapshot) -> None:
    """Swap in a newer snapshot, wake who waits for one, and tell the subscribers, in the calling thread."""
    before = current.snapshot()
    with _changed:
        current.publish(snapshot)
        _changed.notify_all()
    for subscriber in _subscribers:
        subscriber(before, snapshot)


def wait_until(is_met: Callable[[Snapshot], bool], *, seconds: float) -> Snapshot:
    """Wait until a snapshot meets the condition, at most this long; returns the newest one, whether it does or not."""
    deadline = time.monotonic() + seconds
    with _changed:
        while not is_met(current.snapshot()) and (left := deadline - time.monotonic()) > 0:
            _changed.wait(left)
        return current.snapshot()


def has_begun() -> bool:
    """Tell whether anything was published yet."""
    return current.snapshot().taken_at > 0


def subscribe(subscriber: Subscriber) -> None:
    """Have this called with the former and the new snapshot at every change; once, however often it is given."""
    if subscriber not in _subscribers:
        _subscribers.append(subscriber)


def forget() -> None:
    """Begin again without knowledge: in a child after a fork. Takes no lock, which the fork may have left held."""
    global _changed
    _changed = threading.Condition()
    current.publish(None)
