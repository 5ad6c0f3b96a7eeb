"""How is counted what happens all the time? It is noted at once, and added to its metric within a second.

A metric that several processes share lies in a file, and a change of it costs twenty times as much as a note. Many
notes of one metric are one change. The page of metrics settles the notes of its process first.
"""

import atexit
import logging
import os
import threading
from bisect import bisect_left
from collections import Counter as Tally
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from prometheus_client import Counter, Gauge, Histogram

logger = logging.getLogger(__name__)
SETTLE_SECONDS = 1.0
"""How long a note may wait: a process that is killed takes so much with it."""
NOTES_MAX = 2_000
"""With so many, whoever makes the next one settles them all: a busy process does not grow."""
Add = Callable[[Sequence[float]], object]


class Noted:
    """A series of a metric, and how several values are added to it."""

    __slots__ = ("_add",)

    def __init__(self, add: Add) -> None:
        self._add = add

    def note(self, value: float = 1.0) -> None:
        """Note a value; costs a fraction of a microsecond, and no lock."""
        _notes.append((self._add, value))
        if _settler is None or len(_notes) > NOTES_MAX:
            _see_to_it()


def counted(series: Counter | Gauge) -> Noted:
    """Note what is summed up."""
    return Noted(lambda values: series.inc(sum(values)))


def observed(series: Histogram) -> Noted:
    """Note what is sorted into buckets."""
    return Noted(lambda values: observe_all(series, values))


def observe_all(histogram: Histogram, values: Sequence[float]) -> None:
    """Observe several values with a write for each bucket, and not two for each value; those are what costs.

    The library has no such function, so this reaches into it; a test compares the two.
    """
    bounds = histogram._upper_bounds
    histogram._sum.inc(sum(values))
    for index, number in Tally(bisect_left(bounds, value) for value in values).items():
        histogram._buckets[index].inc(number)


def before_settling(look: Callable[[], object]) -> None:
    """Have this called each time: it sets a gauge that nobody else sets while something stands still."""
    _looks.append(look)


def settle() -> None:
    """Add all notes to their metrics; those of a metric that cannot be written are lost, and the log says so."""
    errors = [_attempt(look) for look in _looks]
    with _lock:
        values: dict[Add, list[float]] = {}
        for _ in range(len(_notes)):
            add, value = _notes.popleft()
            values.setdefault(add, []).append(value)
        errors += [_attempt(partial(add, noted)) for add, noted in values.items()]
    _tell(next((error for error in errors if error is not None), None))


def _attempt(work: Callable[[], object]) -> Exception | None:
    """A full disk keeps a metric from being written, but neither the others nor the request that settles them."""
    try:
        work()
    except Exception as error:  # noqa: BLE001  # whatever it is, the thread that settles must go on
        return error
    return None


def _tell(error: Exception | None) -> None:
    """Say it when it begins: what is tried again every second would fill the log."""
    global _is_failing
    if error is not None and not _is_failing:
        logger.error("a metric cannot be written, what is counted meanwhile is lost", exc_info=error)
    _is_failing = error is not None


def _see_to_it() -> None:
    """Have the notes settled: by a thread of this process from now on, and at once where there are many."""
    global _settler
    with _lock:
        if _settler is None:
            _settler = threading.Thread(target=_settle_for_ever, name="ledger", daemon=True)
            _settler.start()
    if len(_notes) > NOTES_MAX:
        settle()


def _settle_for_ever() -> None:
    pause = threading.Event()
    while not pause.wait(SETTLE_SECONDS):
        settle()


def _begin_anew() -> None:
    """Forget the notes of the parent in a child after a fork: it settles them itself, by a thread of its own."""
    global _lock, _settler
    _notes.clear()
    _lock, _settler = threading.Lock(), None


_is_failing = False
_looks: list[Callable[[], object]] = []
_notes: deque[tuple[Add, float]] = deque()
_lock = threading.Lock()
_settler: threading.Thread | None = None
atexit.register(settle)
os.register_at_fork(after_in_child=_begin_anew)
