"""Import an export from beginning to end, or only say what an import would do."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path

from cms.accounts.actor import Actor
from cms.content import types
from cms.content.fields.rich_text import features_of
from cms.content.models import Document
from cms.content.richtext import sanitise
from cms.delivery.models import Publication
from cms.publishing.actions.importing.files import Files
from cms.publishing.actions.importing.importer import SECTION, Importer
from cms.publishing.actions.importing.memory import HOME, Memory, known_as
from cms.publishing.actions.importing.paths import FreePaths
from cms.publishing.actions.importing.target import Target, find_root, find_target
from cms.publishing.wordpress.context import Outside
from cms.publishing.wordpress.plan import plan_documents
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.reader import read_export
from cms.publishing.wordpress.report import Report
from cms.publishing.wordpress.survey import ExportIndex, author_key, survey

Progress = Callable[[int, int], None]

SECTION_TITLE = "Blog"
SECTION_SLUGS = ("blog", "articles", "posts", "all-articles")


def import_wordpress(
    *,
    file: Path,
    by: Actor,
    now: datetime,
    site_key: str | None = None,
    locale_code: str | None = None,
    under: str | None = None,
    media: Path | None = None,
    dry_run: bool = False,
    progress: Progress = lambda done, total: None,
) -> Report:
    """Import an export of WordPress into a site and a locale (the default ones for None); returns what was done.

    Every document is one transaction: an import that was ended is completed by running it again. What was imported
    before is updated, unless it was edited here. `under` is the path of the page to import below, the home page for
    None. `media` is a folder like `wp-content/uploads`. `dry_run` writes nothing. `progress` is told after each
    document how many of how many are done.
    Raises ExportError and ImportRefused before anything is written.
    """
    report = Report()
    index = _survey(file, report)
    target = find_target(index.header, site_key=site_key, locale_code=locale_code, by=by, now=now)
    memory = Memory(target, _coming(index))
    root = find_root(target, under)
    if root is not None:
        memory.root = known_as(root, "")
    importer = Importer(target, memory, FreePaths(_taken(target)), report, dry_run=dry_run)
    files = Files(target, media, report, dry_run=dry_run)
    for attachment in index.media.media.values():
        files.take(attachment)
    outside = Outside(_sanitize, memory.document_key, files.asset_key)
    frame = list(_frame(index, target, memory))
    total = len(frame) + len(_coming(index))
    with file.open("rb") as opened:
        plan = plan_documents(read_export(opened), index, outside=outside, report=report)
        number = 0
        for number, planned in enumerate(chain(frame, plan), start=1):
            importer.take(planned, wanted_slug=planned.slug or _section_slug(index))
            progress(number, max(number + 1, total))
    progress(number, number)
    return report


def _survey(file: Path, report: Report) -> ExportIndex:
    with file.open("rb") as opened:
        return survey(read_export(opened), report=report)


def _frame(index: ExportIndex, target: Target, memory: Memory) -> Iterator[PlannedDocument]:
    """Yield what the export takes for granted: a home page, and a section for its articles."""
    title = index.header.title or target.site.name
    if memory.root is None or memory.find(HOME) is not None:
        yield PlannedDocument(HOME, "page", title, "", {"title": title}, "publish")
    if any(key.startswith("post:") for key in index.titles):
        yield PlannedDocument(SECTION, "section", SECTION_TITLE, "", {"title": SECTION_TITLE}, "publish")


def _section_slug(index: ExportIndex) -> str:
    """Leave the pages of the export the addresses that they had."""
    pages = {index.places.slugs[key] for key, parent in index.places.parents.items() if parent is None}
    return next((slug for slug in SECTION_SLUGS if slug not in pages), SECTION_SLUGS[0])


def _coming(index: ExportIndex) -> list[str]:
    menus = [f"menu:{slug}" for slug in index.menu_names]
    return [*map(author_key, index.authors), *index.terms, *index.titles, *menus]


def _taken(target: Target) -> Iterator[str]:
    """Read the paths that drafts or published pages stand at."""
    places = {"site_id": target.site.id, "locale_id": target.locale.id}
    for rows in (Document.objects.in_use().filter(**places), Publication.objects.filter(**places)):
        yield from (path for path in rows.values_list("url_path", flat=True) if path is not None)


def _sanitize(html: str, *, block: str) -> tuple[str, Sequence[str]]:
    definition = types.current().blocks[block]
    field = next(each for each in definition.active_fields if each.key == "html")
    return sanitise(html, features_of(field))
