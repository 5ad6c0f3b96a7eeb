"""Ask for a trace of single requests: prints the header that has them traced, whatever the share is."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from reliability.telemetry.sampling import sign_wish

MINUTES_MAX = 24 * 60


class Command(BaseCommand):
    help = """Print the header X-Debug-Trace, signed: requests that carry it are traced, whatever CMS_TRACE_RATIO is.

    curl -H "$(manage.py trace)" https://cms.example.org/about/"""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--minutes", type=int, default=15, help="how long it holds (default: 15, at most 1440)")

    def handle(self, *args: Any, minutes: int, **options: Any) -> None:
        if not 1 <= minutes <= MINUTES_MAX:
            raise CommandError(f"--minutes is {minutes}; give a number from 1 to {MINUTES_MAX}.")
        if not settings.OTLP_ENDPOINT:
            self.stderr.write("No collector is configured here (CMS_OTLP_ENDPOINT), so this process traces nothing.")
        wish = sign_wish(until=int(time.time()) + minutes * 60, key=settings.SECRET_KEY)
        self.stdout.write(f"X-Debug-Trace: {wish}")
