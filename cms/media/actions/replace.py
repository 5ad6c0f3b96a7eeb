"""Replace the file of an asset."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from cms.accounts.actor import Actor
from cms.accounts.decision import Place
from cms.media import storage
from cms.media.actions.upload import described
from cms.media.actions.writing import ENCODE, note, start
from cms.media.errors import SameFileKnown
from cms.media.models import Asset, RetiredFile
from cms.media.reception import Received, Source, received

SERVED_AFTERWARDS = timedelta(days=30)
"""How long a replaced file is still served, for pages that caches and other systems keep."""


def replace_file(*, asset_id: UUID, file: Source, file_name: str, by: Actor, now: datetime) -> Asset:
    """Give an asset another file; its id, texts and references stay, its addresses are new.

    The same file again changes nothing. Raises PermissionMissing, SameFileKnown, Asset.DoesNotExist, or one of
    reception.REFUSALS.
    """
    asset = Asset.objects.get(pk=asset_id)
    by.require("media", Place(site=asset.site_id), now=now)
    with received(file, file_name=file_name, max_bytes=settings.UPLOAD_MAX_BYTES) as taken:
        if taken.hash == asset.hash:
            return asset
        key = storage.key_of(taken.hash)
        storage.put(key, taken.stream)
        replaced = _replace(asset_id, taken, by=by, now=now)
        storage.put(key, taken.stream)  # Once more, should the old file have been removed in between.
    return replaced


def retire(asset: Asset, *, until: datetime) -> None:
    """Note that the file of an asset goes at `until`, unless another asset names it then."""
    RetiredFile.objects.create(hash=asset.hash, mime=asset.mime, file_name=asset.file_name, served_until=until)


def _replace(asset_id: UUID, taken: Received, *, by: Actor, now: datetime) -> Asset:
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset_id)
        twin = Asset.objects.filter(site_id=asset.site_id, hash=taken.hash).exclude(pk=asset_id).first()
        if twin is not None:
            raise SameFileKnown(str(twin))
        before = {"file_name": asset.file_name, "hash": asset.hash}
        retire(asset, until=now + SERVED_AFTERWARDS)
        RetiredFile.objects.filter(hash=taken.hash).delete()
        asset.renditions.all().delete()
        for field, value in described(taken, now=now).items():
            setattr(asset, field, value)
        asset.version += 1
        asset.save()
        note(asset, "replace", by=by, now=now, before=before, after={"file_name": asset.file_name, "hash": asset.hash})
        if asset.state == Asset.State.PROCESSING:
            start(ENCODE, str(asset.pk))
    return asset
