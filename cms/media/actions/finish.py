"""What the background does to assets: renditions that are ready, or failed, and files that go."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from cms.media import storage
from cms.media.actions.writing import announce
from cms.media.ladder import entry, focal_key, sort_key
from cms.media.models import Asset, Rendition, RetiredFile

WAITING_TOO_LONG = timedelta(minutes=5)
"""After this an asset that is still being processed is taken up again: its task was lost."""
BATCH = 100


def finish(*, asset: Asset, width: int, height: int, made: Iterable[dict[str, Any]], now: datetime) -> bool:
    """Record renditions that were made of `asset`, as it was read before, and offer them.

    Returns False, having written nothing, when the asset has got another file or focal point since, or is gone:
    a newer task is under way then.
    """
    with transaction.atomic():
        current = Asset.objects.select_for_update().filter(pk=asset.pk, hash=asset.hash).first()
        if current is None or (current.focal_x, current.focal_y) != (asset.focal_x, asset.focal_y):
            return False
        Rendition.objects.bulk_create([_row(current, each) for each in made], ignore_conflicts=True)
        ladder = _ladder(current)
        if current.state == Asset.State.READY and ladder == current.ladder:
            return True
        current.width, current.height, current.ladder = width, height, ladder
        _settle(current, Asset.State.READY, "", now=now)
    return True


def mark_failed(*, asset: Asset, error: str, now: datetime) -> None:
    """Record that no renditions can be made of `asset`; the original stays usable."""
    with transaction.atomic():
        current = Asset.objects.select_for_update().filter(pk=asset.pk, hash=asset.hash).first()
        if current is not None:
            _settle(current, Asset.State.FAILED, error[:255], now=now)


def take_waiting(*, now: datetime) -> list[UUID]:
    """Claim assets whose task was lost, at most 100; each is claimed again only after five minutes."""
    late = Asset.objects.filter(state=Asset.State.PROCESSING, state_changed_at__lt=now - WAITING_TOO_LONG)
    found = list(late.order_by("state_changed_at").values_list("pk", "state_changed_at")[:BATCH])
    return [pk for pk, seen in found if late.filter(pk=pk, state_changed_at=seen).update(state_changed_at=now)]


def remove_retired(*, now: datetime) -> int:
    """Remove files whose time is over and that no asset names, at most 100; returns how many."""
    with transaction.atomic():
        due = RetiredFile.objects.select_for_update(skip_locked=True).filter(served_until__lte=now)
        rows = list(due.annotate(is_used=Exists(Asset.objects.filter(hash=OuterRef("hash"))))[:BATCH])
        later = RetiredFile.objects.filter(hash__in={row.hash for row in rows}, served_until__gt=now)
        kept = set(later.values_list("hash", flat=True))
        RetiredFile.objects.filter(pk__in=[row.pk for row in rows]).delete()
    gone = {row.hash for row in rows if not row.is_used} - kept
    for hash_ in gone:
        storage.remove_all(hash_)
    return len(gone)


def _row(asset: Asset, made: dict[str, Any]) -> Rendition:
    return Rendition(
        asset=asset,
        spec=made["spec"],
        focal_key=made["focal_key"],
        width=made["width"],
        height=made["height"],
        size_bytes=made["size_bytes"],
        storage_key=storage.key_of(asset.hash, made["file_name"]),
    )


def _ladder(asset: Asset) -> list[dict[str, Any]]:
    if asset.is_animated:
        return []
    keys = ("", focal_key((asset.focal_x, asset.focal_y)))
    entries = [
        entry(
            hash_=asset.hash,
            spec=row.spec,
            focal_key=row.focal_key,
            width=row.width,
            height=row.height,
            size_bytes=row.size_bytes,
        )
        for row in asset.renditions.filter(focal_key__in=keys)
    ]
    return sorted(entries, key=sort_key)


def _settle(asset: Asset, state: Asset.State, error: str, *, now: datetime) -> None:
    asset.state, asset.state_changed_at, asset.error = state, now, error
    asset.version += 1
    asset.save(update_fields=["width", "height", "ladder", "state", "state_changed_at", "error", "version"])
    announce(asset, str(state))
