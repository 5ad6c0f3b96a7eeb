"""What does the ops process know? The heartbeats of its siblings and the shared probes, read in the background."""

import logging
import threading
import time
from pathlib import Path

from reliability.health import configuration, files
from reliability.health.beats import Beat
from reliability.health.checker import Checker
from reliability.health.verdicts import Picture

LOOK_SECONDS = 0.5
logger = logging.getLogger(__name__)


class Observer:
    """Watches one instance from beside it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._checker = Checker([probe for probe in configuration.probes() if probe.scope == "shared"])
        self._beats: list[Beat] = []
        self._has_started = False
        self.is_draining = False

    def start(self) -> None:
        """Begin to watch. Raises OSError when the folder cannot be made."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._look()
        self._checker.start()
        threading.Thread(target=self._run, name="observer", daemon=True).start()

    def picture(self) -> Picture:
        """Give what is known now; it waits for nothing."""
        return Picture(
            now=time.monotonic(),
            beats=self._beats,
            shared=self._checker.standings(),
            has_started=self._has_started,
            is_draining=self.is_draining,
        )

    @property
    def beats(self) -> list[Beat]:
        return self._beats

    def _run(self) -> None:
        while True:
            try:
                self._look()
            except OSError as error:
                logger.warning("heartbeats cannot be read (%s)", error)
            time.sleep(LOOK_SECONDS)

    def _look(self) -> None:
        now = time.monotonic()
        self._beats = files.collect(self._folder, now=now)
        self._has_started = self._has_started or any(beat.is_started for beat in self._beats if beat.is_fresh(now))
