"""Start over: remove the data of the embedded site."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Remove the embedded site's database, media and everything else in the data folder, after asking."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--force", action="store_true", help="do not ask")

    def handle(self, *args: Any, force: bool, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("CMS_MODE is production, whose data is never removed by this command.")
        folder: Path = settings.DATA_DIR
        if not force and not self._is_wanted(folder):
            raise CommandError("Nothing was removed.")
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
        self.stdout.write(f"{folder} is empty. `make run` sets the site up again, with the demo.")

    def _is_wanted(self, folder: Path) -> bool:
        self.stdout.write(f"This removes everything in {folder}: all documents, people and media of `make run`.")
        try:
            return input("Type yes to go on: ").strip().lower() == "yes"
        except EOFError as error:
            raise CommandError("\nThere is nobody to ask, so nothing was removed; make reset FORCE=1") from error
