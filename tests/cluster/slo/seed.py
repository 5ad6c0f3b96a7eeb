"""What a site needs to be used, and what people do with it: run in processes of the site under test."""

import time

import psycopg
from django.core.management import call_command
from django.utils import timezone

from cms.content.models import Document
from cms.publishing.actions import publish
from cms.publishing.tasks import settle_schedules
from tests.factories.people import make_ada
from tests.factories.site import SYSTEM, make_world

FLAG = "site-avif"
PAUSE_SECONDS = 5
"""Longer than the pause between two scrapes: one of them sees the flag alive at first, and one each kill."""


def fill() -> None:
    """Make a site with a page, an administrator, and one of the flags that its code asks for.

    The others are missing: each answer for them is an error that is counted.
    """
    make_ada()
    world = make_world()
    world.publish(world.page("A page that everybody reads"))
    call_command("flags", "import", "tests/cluster/slo/flags.json", stdout=None)


def work(standby: str) -> None:
    """Publish, send tasks, kill a flag and take that back, and cut readers off from their standby; again and again."""
    while True:
        pages = list(Document.objects.order_by("pk").values_list("pk", flat=True))
        publish(document_ids=pages, by=SYSTEM, now=timezone.now())
        settle_schedules.delay()
        time.sleep(PAUSE_SECONDS)
        call_command("flags", "kill", FLAG, reason="a test")
        time.sleep(PAUSE_SECONDS)
        call_command("flags", "unkill", FLAG)
        _cut(standby)


def _cut(standby: str) -> None:
    """End connections in use: their queries run again on another connection or node."""
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> %s"
    )
    with psycopg.connect(standby, autocommit=True) as connection:
        connection.execute(others, [connection.info.backend_pid])
