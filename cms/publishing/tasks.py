"""Work that runs by the clock. Beat only ticks; correctness is in locks and idempotent actions."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from cms.accounts.actor import system
from cms.content.actions import empty_trash, prune_revisions
from cms.publishing.actions import settle_due
from reliability.outbox.actions import prune as prune_events

ROUNDS_MAX = 20
"""Batches in one run of a nightly task, so that it never holds a worker for long."""


@shared_task
def settle_schedules() -> int:
    """Settle the schedules that are due; every 10 s."""
    return settle_due(by=system("scheduler"), now=timezone.now())


@shared_task
def forget_old() -> int:
    """Apply retention to revisions, trash and events, in batches; every hour."""
    now, forgotten = timezone.now(), 0
    for _ in range(ROUNDS_MAX):
        batch = prune_revisions(now=now, days=settings.REVISION_DAYS)
        batch += empty_trash(now=now, days=settings.TRASH_DAYS, by=system("retention"))
        batch += prune_events(now=now)
        forgotten += batch
        if not batch:
            break
    return forgotten
