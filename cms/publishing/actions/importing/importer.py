"""What becomes of each planned document: created, updated, left as it is, or skipped with a reason?"""

from dataclasses import replace

from django.db import DataError

from cms.content import types
from cms.content.draft import Draft
from cms.content.errors import ContentRefused, PathTaken
from cms.content.models import Document
from cms.content.problems import InvalidValue
from cms.publishing.actions.importing import writing
from cms.publishing.actions.importing.drafts import draft_of, fingerprint
from cms.publishing.actions.importing.memory import HOME, Known, Memory, known_as
from cms.publishing.actions.importing.paths import FreePaths, is_numbered
from cms.publishing.actions.importing.target import Target
from cms.publishing.wordpress.planned import PlannedDocument
from cms.publishing.wordpress.report import Report

SECTION = "section:articles"
"""Source key of the section that an import makes for its articles."""
PARENTS = {"article": SECTION}
"""Under what a document stands whose plan names no parent; others stand at the top."""
PATH_ATTEMPTS = 5
"""How often another slug is tried when somebody takes the path at the same moment."""


class Importer:
    """Takes planned documents one after the other, each after what it stands under; a dry run writes none."""

    def __init__(self, target: Target, memory: Memory, paths: FreePaths, report: Report, *, dry_run: bool) -> None:
        self._target, self._memory, self._paths, self._report = target, memory, paths, report
        self._dry_run = dry_run

    def take(self, planned: PlannedDocument, *, wanted_slug: str) -> None:
        """Create, update or leave a document, and report it."""
        key = planned.source_key
        self._report.name(key, planned.title)
        known = self._memory.find(key) or self._same_person(planned)
        mark = fingerprint(planned)
        try:
            if known is None:
                self._create(planned, wanted_slug, mark)
            elif known.fingerprint == mark:
                self._report.record_action(key, "unchanged")
            elif known.edited_here:
                self._report.skip(key, known.edited_here)
            else:
                self._update(planned, known, mark)
        except (ContentRefused, InvalidValue, DataError) as error:
            self._report.skip(key, f"refused: {error}")

    def _create(self, planned: PlannedDocument, wanted_slug: str, mark: str) -> None:
        parent = self._parent(planned)
        for attempt in range(PATH_ATTEMPTS):
            slug = self._paths.take(parent.url_path or "", wanted_slug) if parent else ""
            try:
                self._write_new(planned, slug, parent, mark)
                break
            except PathTaken:
                if attempt == PATH_ATTEMPTS - 1 or parent is None:
                    raise
        if planned.slug and slug != wanted_slug:
            self._report.rename_slug(planned.source_key, wanted_slug, slug)
        self._tell_far(planned)
        self._report.record_action(planned.source_key, "created")

    def _write_new(self, planned: PlannedDocument, slug: str, parent: Known | None, mark: str) -> None:
        key = self._memory.translation_key(planned.source_key)
        draft = replace(self._draft(planned), slug=slug)
        if self._dry_run:
            path = f"{parent.url_path}{slug}/" if parent else "/"
            made = Known(key, key, path, slug, parent.document_id if parent else None, 1, mark)
        else:
            parent_id = parent.document_id if parent else None
            made = known_as(
                writing.create(self._target, planned, draft, parent_id=parent_id, key=key, fingerprint=mark), mark
            )
        self._memory.remember(planned.source_key, made)

    def _update(self, planned: PlannedDocument, known: Known, mark: str) -> None:
        parent = self._parent(planned)
        slug = ""
        if parent and planned.slug and not is_numbered(known.slug, planned.slug):
            slug = self._paths.take(parent.url_path or "", planned.slug)
        draft = replace(self._draft(planned), slug=slug)
        if not self._dry_run:
            parent_id = parent.document_id if parent else None
            document = writing.update(self._target, planned, draft, known, parent_id=parent_id, fingerprint=mark)
            self._memory.remember(planned.source_key, known_as(document, mark))
        if planned.status == "draft" and known.is_published:
            self._report.adjust(planned.source_key, "still public here, although it is no longer public in the export")
        self._tell_far(planned)
        self._report.record_action(planned.source_key, "updated")

    def _draft(self, planned: PlannedDocument) -> Draft:
        known = types.current()
        return draft_of(planned, known.definitions[planned.type_key], known.blocks, report=self._report)

    def _parent(self, planned: PlannedDocument) -> Known | None:
        """Find what the document stands under; None for items, which have no place, and for the home page."""
        if planned.source_key == HOME or types.current().definitions[planned.type_key].usage != "page":
            return None
        key = planned.parent_key or PARENTS.get(planned.type_key)
        if key is None:
            return self._memory.root
        parent = self._memory.find(key)
        if parent is None or parent.is_in_trash:
            self._report.adjust(planned.source_key, f"placed at the top, because {key} is not here")
            return self._memory.root
        return parent

    def _same_person(self, planned: PlannedDocument) -> Known | None:
        """Find the author who is here already, by e-mail; that document is never changed by an import."""
        if planned.type_key != "author" or not planned.email:
            return None
        rows = Document.objects.in_use().filter(
            site_id=self._target.site.id,
            locale_id=self._target.locale.id,
            type_id=types.current().ids["author"],
            translation_group__shared__email__iexact=planned.email,
        )
        document = rows.first()
        if document is None:
            return None
        self._report.adjust(planned.source_key, f"taken for the author {document.title}, who has the same e-mail")
        known = known_as(document, fingerprint(planned))
        self._memory.remember(planned.source_key, known)
        return known

    def _tell_far(self, planned: PlannedDocument) -> None:
        if writing.is_too_far(planned, now=self._target.now):
            self._report.adjust(planned.source_key, "a draft, because it is to be published in more than ten years")
