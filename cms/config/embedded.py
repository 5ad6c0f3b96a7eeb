"""How does the embedded site serve? One gunicorn worker with threads, which also runs the background tasks."""

import logging
import os
from collections.abc import Callable
from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication

from cms.config.background import Background
from cms.config.celery import app as celery_app
from cms.config.wsgi import application

THREADS = 8
GRACEFUL_SECONDS = 2
"""How long an unfinished request may delay the end."""

_background: list[Background] = []
"""The background of this process, once its worker runs."""


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
        "worker_class": "gthread",
        "threads": THREADS,
        "graceful_timeout": GRACEFUL_SECONDS,
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_worker_init": _start_background,
        "worker_exit": _stop_background,
    }


def serve(*, port: int) -> None:
    """Serve on 127.0.0.1 until interrupted; does not return."""
    connections.close_all()  # They must not be shared with the worker, which is a fork.
    EmbeddedServer(port=port).run()


def _start_background(worker: object) -> None:
    # A tick every few seconds is no news; what fails is logged as an error.
    logging.getLogger("celery").setLevel(logging.WARNING)
    background = Background(celery_app)
    background.start()
    _background.append(background)


def _stop_background(server: object, worker: object) -> None:
    """Stop the tasks and end the process at once.

    The interpreter's own way out may take longer than gunicorn waits on a busy machine, with the queue's threads about.
    Requests are answered by now, and SQLite needs no farewell.
    """
    if not _background:  # It failed to start: gunicorn has to see that, or it would try for ever.
        return
    for background in _background:
        background.stop()
    logging.shutdown()
    os._exit(0)
