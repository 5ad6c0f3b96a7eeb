"""Work on files that no request waits for. Every task may be lost or run twice: what it does stands in the rows."""

import random
from typing import Any
from uuid import UUID

from celery import Task, current_app, shared_task
from django.utils import timezone

from cms.media.actions import finish, mark_failed, remove_retired, take_waiting
from cms.media.encoder import EncoderStopped, EncodingFailed, encoded
from cms.media.ladder import file_name
from cms.media.models import Asset
from cms.media.storage import FileMissing

RETRIES_MAX = 4
RETRY_SECONDS_MAX = 300


@shared_task(bind=True, max_retries=RETRIES_MAX)
def encode(self: "Task[..., Any]", asset_id: str) -> str:
    """Make the renditions that a picture lacks; returns its state afterwards, or "gone"."""
    try:
        return encode_now(UUID(asset_id))
    except (EncoderStopped, OSError) as error:
        if self.request.retries >= RETRIES_MAX:
            _give_up(UUID(asset_id), error)
            raise
        raise self.retry(exc=error, countdown=_delay_seconds(self.request.retries)) from error


def encode_now(asset_id: UUID) -> str:
    """Make the renditions that a picture lacks, here and now; for tasks and commands, never for requests.

    Idempotent. Returns the state afterwards: ready, failed, "gone", or "processing" when a newer task has taken over.
    Raises EncoderStopped and OSError, after which trying again may help.
    """
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is None:
        return "gone"
    if not asset.has_renditions:
        return str(asset.state)
    try:
        answer = encoded(
            hash_=asset.hash,
            mime=asset.mime,
            focal=(asset.focal_x, asset.focal_y),
            is_animated=asset.is_animated,
            done=[file_name(row.spec, row.focal_key) for row in asset.renditions.all()],
        )
    except EncodingFailed as error:
        mark_failed(asset=asset, error=f"The picture cannot be read: {error}", now=timezone.now())
        return str(Asset.State.FAILED)
    except FileMissing:
        mark_failed(asset=asset, error="The file is missing in the storage. Replace it.", now=timezone.now())
        return str(Asset.State.FAILED)
    is_current = finish(
        asset=asset, width=answer["width"], height=answer["height"], made=answer["made"], now=timezone.now()
    )
    return str(Asset.State.READY if is_current else Asset.State.PROCESSING)


@shared_task
def encode_waiting() -> int:
    """Start what was lost, every minute: a task may have died with its worker or its queue."""
    waiting = take_waiting(now=timezone.now())
    for asset_id in waiting:
        current_app.tasks[encode.name].delay(str(asset_id))
    return len(waiting)


@shared_task
def forget_files() -> int:
    """Remove files that no asset names any more; every hour, and after a delete."""
    return remove_retired(now=timezone.now())


def _give_up(asset_id: UUID, error: Exception) -> None:
    asset = Asset.objects.filter(pk=asset_id).first()
    if asset is not None:
        mark_failed(asset=asset, error=f"Given up after {RETRIES_MAX + 1} attempts. {error}", now=timezone.now())


def _delay_seconds(retries: int) -> float:
    """Wait twice as long each time, at most five minutes, spread so that a crowd does not return at once."""
    longest = min(RETRY_SECONDS_MAX, 5 * 2**retries)
    return random.uniform(longest / 2, longest)
