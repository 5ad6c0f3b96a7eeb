"""Who looks at the probes? One thread for each, so that one that hangs holds up no other. Answers only read the result.

Each probe has connections and timeouts of its own.
"""

import logging
import threading
import time
from collections.abc import Sequence

from reliability.health import probes
from reliability.health.probes import Standing
from reliability.telemetry.probe import Probe, Result

logger = logging.getLogger(__name__)


class Checker:
    """Keeps the standings of a number of probes up to date, in the background."""

    def __init__(self, watched: Sequence[Probe]) -> None:
        now = time.monotonic()
        self._watched = watched
        self._standings = {probe.name: probes.begin(probe, now=now) for probe in watched}
        self._ending = threading.Event()

    def start(self) -> None:
        """Begin to look."""
        for probe in self._watched:
            threading.Thread(target=self._watch, args=[probe], name=f"probe-{probe.name}", daemon=True).start()

    def stop(self) -> None:
        """Look no more; a look that is under way is not waited for."""
        self._ending.set()

    def standings(self) -> tuple[Standing, ...]:
        """Give what is known of each probe now, without waiting for anything."""
        return tuple(self._standings.values())

    def _watch(self, probe: Probe) -> None:
        while not self._ending.is_set():
            self.look(probe)
            self._ending.wait(probes.pause_seconds(self._standings[probe.name], probe))

    def look(self, probe: Probe) -> None:
        """Look once, and tell the log when the status changes."""
        before = self._standings[probe.name]
        result, error = _ask(probe)
        after = probes.follow(before, probe, result, error=error, now=time.monotonic())
        self._standings[probe.name] = after
        if after.status != before.status and (before.has_passed or after.status != "pass"):
            level = logging.INFO if after.status == "pass" else logging.WARNING
            logger.log(level, "probe %s: %s, was %s (%s)", probe.name, after.status, before.status, error or "no error")


def _ask(probe: Probe) -> tuple[Result, str]:
    """Call a probe; its exception is a failure, whatever it is, and must not end the thread."""
    try:
        return probe(), ""
    except Exception as error:  # noqa: BLE001  # a probe asks the outside world, in any library's way
        logger.debug("probe %s failed: %s", probe.name, error)
        return Result("fail", 0.0, ""), type(error).__name__
