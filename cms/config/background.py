"""How do tasks run without a queue server? In threads of the one serving process, on Celery's in-memory transport."""

import threading
import time
from contextlib import suppress

from celery import Celery, beat, signals
from celery.exceptions import WorkerShutdown
from celery.worker import WorkController
from celery.worker import state as worker_state

STOP_SECONDS = 1
"""How long a running task may delay the end of the process; a task must survive being cut off anyway."""
POLL_SECONDS = 0.02
MAX_TICK_SECONDS = 1


class Background:
    """The worker and the clock of one process; both run until `stop`, and die with the process."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._worker = WorkController(
            app=app,
            hostname="embedded",
            pool="solo",
            concurrency=1,
            loglevel="WARNING",
            without_gossip=True,
            without_mingle=True,
            without_heartbeat=True,
        )
        # Celery's command sends this; because of it, Django's database connections are closed around each task.
        signals.worker_init.send(sender=self._worker, instance=self._worker, conf=app.conf, options={})
        # The plain scheduler keeps its schedule in memory; the default one writes a file into the working directory.
        self._clock = beat.Service(app, max_interval=MAX_TICK_SECONDS, scheduler_cls=beat.Scheduler)
        self._threads = [
            threading.Thread(target=self._work, name="celery-worker", daemon=True),
            threading.Thread(target=self._tick, name="celery-beat", daemon=True),
        ]

    def start(self) -> None:
        """Begin to take tasks and to send the periodic ones."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no further task, and wait at most STOP_SECONDS for the running one."""
        self._clock.stop(wait=False)
        worker_state.should_stop = True  # type: ignore[assignment]  # The stubs know its first value only.
        deadline = time.monotonic() + STOP_SECONDS
        while worker_state.active_requests and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)

    def _work(self) -> None:
        self._app.set_current()
        with suppress(WorkerShutdown, SystemExit):
            self._worker.start()

    def _tick(self) -> None:
        self._app.set_current()
        self._clock.start()
