"""Writes of sums: what is new, what becomes coarser, what is forgotten. All on the primary, each in one transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connections, router, transaction
from django.db.models import Sum
from django.db.models.functions import TruncHour

from reliability.slo.counts import Count
from reliability.slo.models import HOUR, MINUTE, EventSum

MINUTES_KEPT = timedelta(days=2)
"""After which minutes become hours."""
KEPT = timedelta(days=40)
"""Longer than the 30 days of a budget, so that there is something to look back at."""
BATCH = 5_000
ADD = """
INSERT INTO {table} (objective, region, began_at, seconds, total, bad) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (began_at, seconds, objective, region)
DO UPDATE SET total = {table}.total + excluded.total, bad = {table}.bad + excluded.bad
"""


class Slot(NamedTuple):
    """Where a count belongs."""

    objective: str
    region: str
    began_at: datetime
    """The beginning of its minute or hour."""


def add(counts: Mapping[Slot, Count], *, length: timedelta = MINUTE) -> None:
    """Add counts to what other instances of the region have added. Raises DatabaseError."""
    database = router.db_for_write(EventSum)
    connection = connections[database]
    # By hand, for the ORM can replace a row in conflict, but not add to it. In one order, so that two never deadlock.
    statement = ADD.format(table=connection.ops.quote_name(EventSum._meta.db_table))
    seconds = round(length.total_seconds())
    rows = [(*slot, seconds, each.total, each.bad) for slot, each in sorted(counts.items()) if each.total]
    with transaction.atomic(using=database), connection.cursor() as cursor:
        for objective, region, began_at, *rest in rows:
            cursor.execute(statement, [objective, region, connection.ops.adapt_datetimefield_value(began_at), *rest])


def fold(*, now: datetime) -> int:
    """Make hours of the minutes that are older than two days, a batch at a time; gives how many minutes went."""
    database = router.db_for_write(EventSum)
    with transaction.atomic(using=database):
        # Whole hours only; another instance that does the same at the same time takes none of these.
        limit = (now - MINUTES_KEPT).replace(minute=0, second=0, microsecond=0)
        old = EventSum.objects.using(database).filter(seconds=round(MINUTE.total_seconds()), began_at__lt=limit)
        keys = [each.pk for each in old.order_by("began_at", "pk").select_for_update(skip_locked=True)[:BATCH]]
        chosen = EventSum.objects.using(database).filter(pk__in=keys)
        hours = chosen.annotate(hour=TruncHour("began_at", tzinfo=UTC)).values("objective", "region", "hour").order_by()
        sums = hours.annotate(events=Sum("total"), failed=Sum("bad"))
        add(
            {Slot(row["objective"], row["region"], row["hour"]): Count(row["events"], row["failed"]) for row in sums},
            length=HOUR,
        )
        chosen.delete()
    return len(keys)


def forget(*, now: datetime) -> int:
    """Delete what is older than 40 days, a batch at a time; gives how many sums went."""
    database = router.db_for_write(EventSum)
    old = EventSum.objects.using(database).filter(began_at__lt=now - KEPT).order_by("began_at")
    return EventSum.objects.using(database).filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()[0]
