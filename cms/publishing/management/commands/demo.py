"""Load the demo site."""

from argparse import ArgumentParser
from io import StringIO
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils import timezone

from cms.publishing.demo.load import load


class Command(BaseCommand):
    help = "Load the demo site: a cooperative of lighthouse keepers, in English and German. Loading twice is once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["load"], help="load: write what is missing of the demo site")

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "The demo site has people with a known password, so it is not loaded in production. "
                "Set CMS_MODE=development to try it on your own machine."
            )
        started = monotonic()
        call_command("flags", "import", str(settings.STARTER_FLAGS), "--only-new", stdout=StringIO())
        if load(password=settings.DEMO_PASSWORD, now=timezone.now(), say=self._say):
            self.stdout.write(f"The demo site is loaded ({monotonic() - started:.0f} s).")
        else:
            self.stdout.write("The demo site is there already; nothing was changed. `make reset` starts over.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
