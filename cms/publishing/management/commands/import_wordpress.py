"""Import a WordPress site from the file that it exports."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from cms.accounts.actor import system
from cms.publishing.actions import ImportRefused, import_wordpress
from cms.publishing.wordpress.reader import ExportError
from cms.publishing.wordpress.report import Report

STEP = 100
"""Documents between two lines of progress, where the line cannot be written over."""
INTERRUPTED = 130

DESCRIPTION = """Import the posts, pages, authors, categories, tags and menus of a WordPress site.

FILE is the XML file that WordPress makes under Tools, Export, All content. What was public becomes public with its
date and its former addresses; future posts are scheduled; drafts, private and password-protected ones become drafts.
Nothing is fetched from the network.

Running the command again completes an import that was ended, and takes over what has changed in a newer export. What
has been edited here is never overwritten: the report lists it as skipped."""

EXAMPLES = """examples:
  manage.py import_wordpress site.xml --dry-run          what would happen?
  manage.py import_wordpress site.xml --media uploads/   with the files of wp-content/uploads
  manage.py import_wordpress site.xml --under /archive/ --report report.json

exit codes: 0 imported, 1 refused and nothing written, 2 wrong arguments, 130 interrupted (run it again to go on)"""


class Command(BaseCommand):
    help = DESCRIPTION

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        parser = super().create_parser(prog_name, subcommand, epilog=EXAMPLES, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the export (WXR, .xml)")
        parser.add_argument("--site", metavar="KEY", help="site to import into (default: the default site)")
        parser.add_argument("--locale", metavar="CODE", help="locale to import into (default: that of the site)")
        parser.add_argument("--under", metavar="PATH", help="page to import below, such as /archive/ (default: /)")
        parser.add_argument("--media", type=Path, metavar="DIR", help="folder with the files: wp-content/uploads")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, only print the report")
        parser.add_argument("--report", type=Path, metavar="FILE", help="write the whole report here, as JSON")

    def handle(
        self,
        *args: Any,
        file: Path,
        site: str | None,
        locale: str | None,
        under: str | None,
        media: Path | None,
        dry_run: bool,
        report: Path | None,
        **options: Any,
    ) -> None:
        _check_readable(file)
        if report is not None:
            _check_writable(report)
        try:
            made = import_wordpress(
                file=file,
                site_key=site,
                locale_code=locale,
                under=under,
                media=media,
                dry_run=dry_run,
                by=system("import"),
                now=timezone.now(),
                progress=self._progress,
            )
        except ExportError as error:
            raise CommandError(f"{file}: {error}") from error
        except ImportRefused as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt as error:
            raise CommandError(
                "\nInterrupted. What was imported stays; run the same command again to go on.", returncode=INTERRUPTED
            ) from error
        self._tell(made, report, dry_run=dry_run)

    def _progress(self, done: int, total: int) -> None:
        line = f"{done} of {total} documents"
        if self.stderr.isatty():
            self.stderr.write(f"\r{line}", _plain, ending="\n" if done == total else "")
            self.stderr.flush()
        elif done % STEP == 0 or done == total:
            self.stderr.write(line, _plain)

    def _tell(self, made: Report, file: Path | None, *, dry_run: bool) -> None:
        if file is not None:
            file.write_text(json.dumps(made.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        if dry_run:
            self.stdout.write("Nothing was written: this is what an import would do.\n\n")
        self.stdout.write(made.as_text())


def _plain(text: str) -> str:
    """Leave a line in the color of the terminal: progress is no error."""
    return text


def _check_readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error


def _check_writable(report: Path) -> None:
    """Try now, not after a long import; a file that was not there is not left behind."""
    is_new = not report.exists()
    try:
        with report.open("a"):
            pass
    except OSError as error:
        raise CommandError(f"The report cannot be written to {report}: {error.strerror}.") from error
    if is_new:
        report.unlink()
