"""Upload a file."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from cms.accounts.actor import Actor
from cms.accounts.decision import Place
from cms.media import storage
from cms.media.actions.writing import ENCODE, checked_alt, checked_title, note, start
from cms.media.models import Asset, RetiredFile
from cms.media.reception import Received, Source, received


def upload_asset(
    *,
    site_id: UUID,
    file: Source,
    file_name: str,
    by: Actor,
    now: datetime,
    title: str = "",
    alt: Mapping[str, str] | None = None,
    folder: str = "",
) -> Asset:
    """Take in a file; a picture's renditions are made afterwards, by a task.

    The same content gives the asset that the site has already, unchanged. `alt` is by locale code.
    Raises PermissionMissing, FieldRefused, or one of reception.REFUSALS.
    """
    by.require("media", Place(site=site_id), now=now)
    texts = {"title": checked_title(title), "alt": checked_alt(alt or {}, site_id=site_id), "folder": folder}
    with received(file, file_name=file_name, max_bytes=settings.UPLOAD_MAX_BYTES) as taken:
        known = Asset.objects.filter(site_id=site_id, hash=taken.hash).first()
        if known is not None:
            return known
        key = storage.key_of(taken.hash)
        storage.put(key, taken.stream)
        asset = Asset(site_id=site_id, uploaded_at=now, uploaded_by_id=by.id, **texts, **described(taken, now=now))
        try:
            _save(asset, by=by, now=now)
        except IntegrityError:
            return Asset.objects.get(site_id=site_id, hash=taken.hash)  # Somebody else uploaded it just now.
        storage.put(key, taken.stream)  # Once more, should the old file have been removed in between.
    return asset


def described(taken: Received, *, now: datetime) -> dict[str, object]:
    """List the fields of an asset that follow from its file."""
    is_encoded = taken.mime.startswith("image/") and taken.mime != "image/svg+xml"
    return {
        "hash": taken.hash,
        "size_bytes": taken.size_bytes,
        "mime": taken.mime,
        "width": taken.width,
        "height": taken.height,
        "frames": taken.frames,
        "file_name": taken.file_name,
        "ladder": [],
        "state": Asset.State.PROCESSING if is_encoded else Asset.State.READY,
        "state_changed_at": now,
        "error": "",
    }


def _save(asset: Asset, *, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        RetiredFile.objects.filter(hash=asset.hash).delete()
        asset.save(force_insert=True)
        after = {"file_name": asset.file_name, "mime": asset.mime, "size_bytes": asset.size_bytes}
        note(asset, "upload", by=by, now=now, after=after)
        if asset.state == Asset.State.PROCESSING:
            start(ENCODE, str(asset.pk))
