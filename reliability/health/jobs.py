"""Who does what is due in the background of an instance? OPS_JOBS and OPS_COLLECTORS, each in a thread of its own.

The ops process runs them, and where there is none the one process that serves. An entry is the dotted name of a
callable without arguments; its attribute `interval_seconds`, if it has one, is the pause between two runs.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

JOB_SECONDS = 60.0
COLLECTOR_SECONDS = 15.0
JITTER = 0.1
logger = logging.getLogger(__name__)


def start() -> None:
    """Begin to run every job and collector. Raises ImportError for a name that leads nowhere."""
    for name, call, seconds in due():
        threading.Thread(target=_repeat, args=[name, call, seconds], name=name.rpartition(".")[2], daemon=True).start()


def due() -> Sequence[tuple[str, Callable[[], Any], float]]:
    """List what is run: dotted name, callable, and the pause between two runs in seconds."""
    jobs = [(name, JOB_SECONDS) for name in getattr(settings, "OPS_JOBS", ())]
    collectors = [(name, COLLECTOR_SECONDS) for name in getattr(settings, "OPS_COLLECTORS", ())]
    calls = [(name, import_string(name), default) for name, default in jobs + collectors]
    return [(name, call, float(getattr(call, "interval_seconds", default))) for name, call, default in calls]


def run_once(name: str, call: Callable[[], Any]) -> bool:
    """Run one entry; tells whether it went well. What fails is logged, and tried again when it is due the next time."""
    try:
        call()
    except Exception:
        logger.exception("%s failed; it runs again when it is due", name)
        return False
    finally:
        connections.close_all()
    return True


def _repeat(name: str, call: Callable[[], Any], seconds: float) -> None:
    while True:
        run_once(name, call)
        time.sleep(seconds * random.uniform(1 - JITTER, 1 + JITTER))
