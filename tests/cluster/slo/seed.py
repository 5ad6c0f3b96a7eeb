"""What a site needs to be used, and what happens to it: run in processes of the site under test."""

import time

from django.utils import timezone

from cms.content.models import Document
from cms.publishing.actions import publish
from cms.publishing.tasks import settle_schedules
from tests.factories.people import make_ada
from tests.factories.site import SYSTEM, make_world

TITLE = "A page that everybody reads"


def fill() -> None:
    """Make a site with a page and an administrator."""
    make_ada()
    world = make_world()
    world.publish(world.page(TITLE))


def work() -> None:
    """Do what people do in a day, again and again: publish, which makes an event, and send a task."""
    while True:
        pages = list(Document.objects.order_by("pk").values_list("pk", flat=True))
        publish(document_ids=pages, by=SYSTEM, now=timezone.now())
        settle_schedules.delay()
        time.sleep(1)
