"""Eight people create, move and publish at once: no orphan, no path twice, no lost revision."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import OperationalError, connection

from cms.content.actions import save_draft
from cms.content.draft import Draft
from cms.content.errors import ContentRefused
from cms.content.models import Document, Revision
from cms.delivery.models import Publication
from cms.publishing.actions import move, publish
from tests.factories.site import NOW, SYSTEM, World, make_world

WRITERS, SECONDS = 8, 30


class Writer(threading.Thread):
    """One person who does random things, and counts what was acknowledged."""

    def __init__(self, world: World, number: int) -> None:
        super().__init__()
        self.world, self.random, self.number = world, random.Random(number), number
        self.done: Counter[str] = Counter()
        self.revisions: Counter[UUID] = Counter()
        self.faults: list[Exception] = []

    def run(self) -> None:
        end = time.monotonic() + SECONDS
        actions: list[tuple[str, Callable[[], None]]] = [
            ("create", self.create), ("create", self.create), ("move", self.move),
            ("save", self.save), ("publish", self.publish),
        ]  # fmt: skip
        while time.monotonic() < end:
            name, action = self.random.choice(actions)
            try:
                action()
                self.done[name] += 1
            except ContentRefused:
                self.done["refused"] += 1
            except Exception as error:  # noqa: BLE001  (the test reports it)
                self.faults.append(error)
        connection.close()

    def any_page(self) -> Document:
        pages = Document.objects.filter(url_path__isnull=False).exclude(pk=self.world.home.pk)
        count = pages.count()
        return pages.order_by("pk")[self.random.randrange(count)] if count else self.world.home

    def create(self) -> None:
        under = self.any_page() if self.random.random() < 0.6 else self.world.home
        page = self.world.page(f"Page {self.random.randrange(10**9)} of {self.number}", under=under)
        self.revisions[page.pk] += 1

    def move(self) -> None:
        page, target = self.any_page(), self.any_page()
        move(document_id=page.pk, base_version=page.version, parent_id=target.pk, by=SYSTEM, now=NOW)

    def save(self) -> None:
        page = self.any_page()
        slug = f"slug-{self.random.randrange(10**6)}" if page.parent_id and self.random.random() < 0.5 else ""
        draft = Draft({"title": f"Saved {self.random.randrange(10**6)}"}, slug=slug)
        save_draft(document_id=page.pk, base_version=page.version, draft=draft, by=SYSTEM, now=NOW)
        self.revisions[page.pk] += 1

    def publish(self) -> None:
        publish(document_ids=[self.any_page().pk], by=SYSTEM, now=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_writers_for_thirty_seconds_leave_a_sound_tree() -> None:
    world = make_world()

    writers = [Writer(world, number) for number in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    done = sum((writer.done for writer in writers), Counter())
    print(dict(done))
    assert [
        repr(fault) for writer in writers for fault in writer.faults if not isinstance(fault, OperationalError)
    ] == []
    assert min(done[name] for name in ("create", "move", "save", "publish")) > 0
    _assert_sound_tree(world)
    _assert_no_revision_lost(writers, world)
    _assert_sound_publications()


def _assert_sound_tree(world: World) -> None:
    pages = {page.pk: page for page in Document.objects.filter(locale=world.english, url_path__isnull=False)}
    for page in pages.values():
        if page.parent_id is None:
            assert page.url_path == "/"
        else:
            assert page.url_path == f"{pages[page.parent_id].url_path}{page.slug}/"
    paths = [page.url_path for page in pages.values()]
    assert len(paths) == len(set(paths))


def _assert_no_revision_lost(writers: list[Writer], world: World) -> None:
    acknowledged = sum((writer.revisions for writer in writers), Counter())
    kept = Counter(Revision.objects.exclude(document=world.home).values_list("document_id", flat=True))
    home = Revision.objects.filter(document=world.home).count()
    assert {pk: count for pk, count in kept.items() if pk != world.home.pk} == {
        pk: count for pk, count in acknowledged.items() if pk != world.home.pk
    }
    assert home == 1 + acknowledged[world.home.pk]


def _assert_sound_publications() -> None:
    rows = list(Publication.objects.filter(url_path__isnull=False).values_list("document_id", "url_path"))
    assert len({path for _, path in rows}) == len(rows) == len({pk for pk, _ in rows})
