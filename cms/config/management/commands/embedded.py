"""Serve the whole site from one command, with nothing else installed: what `make run` calls."""

import errno
import socket
from argparse import ArgumentParser
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command, get_commands

from cms.config import embedded
from cms.config.env import DEMO_PASSWORD

DEMO_EMAIL = "ada@demo.example"
DEMO_MARK = "demo-loaded"
"""File in the data folder: the demo was loaded once, and what became of it is the editors' business."""


class Command(BaseCommand):
    help = "Migrate, load the demo site once, and serve on 127.0.0.1, with background tasks in the same command."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of 127.0.0.1 (default: 8000)")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "This command is for one machine and uses a known password; CMS_MODE is production. "
                "Serve with gunicorn and a Celery worker instead, or set CMS_MODE=development."
            )
        _check_port(port)
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("flags", "import", str(settings.STARTER_FLAGS), "--only-new", stdout=StringIO())
        self._load_demo_once(settings.DATA_DIR / DEMO_MARK)
        self.stdout.write(f"Site: http://127.0.0.1:{port}/")
        self.stdout.write(f"Admin: http://127.0.0.1:{port}/admin/")
        self.stdout.write(f"Sign in: {DEMO_EMAIL} / {DEMO_PASSWORD}")
        self.stdout.write("Stop with Ctrl-C.")
        self.stdout.flush()
        embedded.serve(port=port)

    def _load_demo_once(self, mark: Path) -> None:
        if mark.exists() or "demo" not in get_commands():
            return
        self.stdout.write("Loading the demo site ...")
        call_command("demo", "load", stdout=self.stdout)
        mark.touch()


def _check_port(port: int) -> None:
    """Refuse a port that gunicorn could not listen on: it would try for seconds and then name no fix."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OverflowError as error:
            raise CommandError(
                f"{port} is no port; take a number between 1024 and 65535: make run PORT=8010"
            ) from error
        except OSError as error:
            reason = "is in use" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise CommandError(f"Port {port} {reason}; take another one: make run PORT={port + 10}") from error
