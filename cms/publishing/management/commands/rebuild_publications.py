"""Make what is published anew, after a type or the code changed."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from cms.content import types
from cms.publishing.actions import rebuild


class Command(BaseCommand):
    help = "Rebuild published documents from their revisions, in batches; only what differs gets a new version."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--type", dest="type_key", help="only documents of this type (default: all types)")

    def handle(self, *args: Any, type_key: str | None, **options: Any) -> None:
        known = [each.key for each in types.current().of_documents()]
        if type_key is not None and type_key not in known:
            raise CommandError(f"There is no type {type_key!r}; there are: {', '.join(known)}.")
        for key in [type_key] if type_key else known:
            looked_at = changed = 0
            for looked_at, changed in rebuild(key, now=timezone.now()):
                self.stderr.write(f"\r{key}: {looked_at} looked at, {changed} changed", ending="")
            if looked_at:
                self.stderr.write("")
            self.stdout.write(f"{key}: {changed} of {looked_at} changed")
