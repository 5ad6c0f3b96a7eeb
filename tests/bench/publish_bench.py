"""What does a publish cost? Snapshot, event, search vector, paths and audit included, one transaction each."""

import os
import time
from pathlib import Path
from statistics import median, quantiles

from django.db import connection
from django.test.utils import CaptureQueriesContext

from cms.accounts import sites
from cms.accounts.models import Locale, SiteLocale
from cms.content.actions import save_draft, translate
from cms.content.draft import Draft
from cms.content.models import Document
from cms.publishing.actions import publish
from tests.bench import corpus
from tests.bench.figures import Figure
from tests.factories.site import SYSTEM, World

PUBLISHES = 200
GOAL_MS = 25


def measure(*, database_pid: int, folder: Path) -> list[Figure]:
    """Publish new articles, then new versions of them, among DOCUMENTS others; wall time of each."""
    world, section = corpus.make_site()
    corpus.fill(world, section, int(os.environ.get("DOCUMENTS", "2000")))
    drafts = [
        world.document(
            "article", under=section, now=corpus.BEGIN, **corpus.fields(10**5 + number, section.translation_group_id)
        )
        for number in range(PUBLISHES)
    ]
    first = [_milliseconds(draft) for draft in drafts]
    for draft in drafts:
        changed = Draft({"title": f"{draft.title}, again"})
        save_draft(document_id=draft.pk, base_version=draft.version, draft=changed, by=SYSTEM, now=corpus.BEGIN)
    again = [_milliseconds(draft) for draft in drafts]
    return [
        Figure("publish a new document: median", median(first), "ms", GOAL_MS),
        Figure("publish a new version: median", median(again), "ms", GOAL_MS),
        Figure("publish a new version: 95th percentile", quantiles(again, n=20)[-1], "ms"),
        *_statements(world, section, drafts[0]),
    ]


def _milliseconds(draft: Document) -> float:
    began = time.perf_counter()
    publish(document_ids=[draft.pk], by=SYSTEM, now=corpus.BEGIN)
    return (time.perf_counter() - began) * 1e3


def _statements(world: World, section: Document, draft: Document) -> list[Figure]:
    """Count what a publish sends, with one locale and with forty: the number must be the same."""
    with CaptureQueriesContext(connection) as one:
        publish(document_ids=[draft.pk], by=SYSTEM, now=corpus.BEGIN)
    for number in range(40):
        locale = Locale.objects.create(code=f"en-A{number:02}", name=f"Locale {number}")
        SiteLocale.objects.create(site=world.site, locale=locale, prefix=f"en-a{number:02}")
        sites.forget()
        publish(
            document_ids=[translate(document_id=each.pk, locale_id=locale.pk, by=SYSTEM, now=corpus.BEGIN).pk
                          for each in (world.home, section, draft)],
            by=SYSTEM,
            now=corpus.BEGIN,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as forty:
        publish(document_ids=[draft.pk], by=SYSTEM, now=corpus.BEGIN)
    return [
        Figure("publish: statements, one locale", len(one), ""),
        Figure("publish: statements more with 40 locales", len(forty) - len(one), "", 0),
    ]
