"""When is a process started? When its addresses are imported, its startup calls returned, and what must has passed.

The calls run in a thread, with a deadline: one that waits for a database does not keep the process from saying so.
"""

import logging
import threading
import time
from collections.abc import Sequence

from django.urls import get_resolver
from django.utils.module_loading import import_string

from reliability.health.probes import Standing

DEADLINE_SECONDS = 10.0
"""After that long the boot goes on without what has not returned; what it does comes later."""
ADDRESSES = "addresses"
logger = logging.getLogger(__name__)


class Boot:
    """The steps of one process, each done once."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._left = [ADDRESSES, *names]
        self._deadline = time.monotonic() + DEADLINE_SECONDS

    def start(self) -> None:
        """Begin, in a thread."""
        threading.Thread(target=self._run, name="health-boot", daemon=True).start()

    def waits_for(self, standings: Sequence[Standing]) -> tuple[str, ...]:
        """Name what is still to come; nothing: it is started."""
        is_over = time.monotonic() > self._deadline
        steps = [name for name in self._left if name == ADDRESSES or not is_over]
        never = [each for each in standings if "startup" in each.affects and not each.has_passed]
        return tuple(steps + [f"probe {each.name} ({each.error or each.status})" for each in never])

    def _run(self) -> None:
        self._step(ADDRESSES, lambda: get_resolver().url_patterns)
        for name in self._names:
            self._step(name, import_string(name))

    def _step(self, name: str, call: object) -> None:
        """Make one call. One that fails is told to the log and does not keep the process from serving."""
        try:
            call()  # type: ignore[operator]  # a dotted name leads to a callable, which a test checks
        except Exception:
            logger.exception("%s failed at the start of this process", name)
            if name == ADDRESSES:
                return  # Without addresses it can answer nothing.
        self._left.remove(name)
