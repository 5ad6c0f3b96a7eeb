"""How often was which answer given? Counted in each thread, and handed to the metrics now and then."""

import threading
import time
from collections import Counter

from reliability.flags import metrics
from reliability.flags.evaluator import Answer

FLUSH_SECONDS = 10.0
OTHER = "_other"


class _Counts(threading.local):
    def __init__(self) -> None:
        self.answers: Counter[tuple[str, str, str]] = Counter()
        self.errors: Counter[str] = Counter()
        self.flush_at = time.monotonic() + FLUSH_SECONDS


_counts = _Counts()


def count(key: str, answer: Answer, *, is_declared: bool) -> None:
    """Count an answer; flags that no code declares share one label, so that nobody can make new series."""
    counts = _counts
    name = key if is_declared else OTHER
    variant = (answer.variant or "default") if is_declared else OTHER
    counts.answers[name, variant, answer.reason] += 1
    if answer.error_code is not None:
        counts.errors[answer.error_code] += 1
    if time.monotonic() >= counts.flush_at:
        flush()


def flush() -> None:
    """Hand this thread's counts to the metrics."""
    counts = _counts
    counts.flush_at = time.monotonic() + FLUSH_SECONDS
    answers, counts.answers = counts.answers, Counter()
    errors, counts.errors = counts.errors, Counter()
    for (name, variant, reason), number in answers.items():
        metrics.EVALUATIONS.labels(name, variant, reason).inc(number)
    for code, number in errors.items():
        metrics.ERRORS.labels(code).inc(number)
