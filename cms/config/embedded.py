"""How does the embedded site serve? One gunicorn worker with threads, which also runs the background tasks."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from cms.config.background import Background
from cms.config.celery import app as celery_app
from cms.config.wsgi import application
from reliability.health import alone, process
from reliability.limits.capacity import threads
from reliability.telemetry import tracing

GRACEFUL_SECONDS = 1
"""How long an unfinished request may delay the end."""
KILL_SECONDS = 5
"""When gunicorn kills its worker: late enough for the worker to end by itself, request and task included."""

_background: list[Background] = []
"""The background of this process, once its worker runs."""


class EmbeddedWorker(ThreadWorker):  # type: ignore[misc]  # Gunicorn has no types.
    """Gunicorn's worker with threads, which Ctrl-C ends as SIGTERM does.

    Its own answer to Ctrl-C takes a lock that the interrupted code may hold (when it just starts a thread for a
    request), and then it stands still until it is killed.
    """

    def handle_quit(self, sig: int, frame: object) -> None:
        self.handle_exit(sig, frame)


class EmbeddedServer(BaseApplication):  # type: ignore[misc]  # Gunicorn has no types.
    """Gunicorn without its command line and configuration file."""

    def __init__(self, *, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        for name, value in options(port=self._port).items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        return application


def options(*, port: int) -> dict[str, Any]:
    """Give gunicorn's settings for one process with threads on 127.0.0.1."""
    return {
        "bind": [f"127.0.0.1:{port}"],
        "workers": 1,
        "worker_class": EmbeddedWorker,
        "threads": threads(settings.REQUEST_SLOTS),
        "graceful_timeout": KILL_SECONDS,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": _start_background,
        "worker_exit": _stop_background,
    }


def serve(*, port: int) -> None:
    """Serve on 127.0.0.1 until interrupted; does not return."""
    connections.close_all()  # They must not be shared with the worker, which is a fork.
    EmbeddedServer(port=port).run()


def _start_background(worker: EmbeddedWorker) -> None:
    worker.cfg.set("graceful_timeout", GRACEFUL_SECONDS)
    alone.begin(process.start())
    tracing.start("web")
    # A tick every few seconds is no news; what fails is logged as an error.
    logging.getLogger("celery").setLevel(logging.WARNING)
    background = Background(celery_app)
    background.start()
    _background.append(background)


def _stop_background(server: object, worker: object) -> None:
    for background in _background:
        background.stop()
    tracing.stop()
