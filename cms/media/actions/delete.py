"""Delete an asset."""

from collections.abc import Callable, Sized
from datetime import datetime
from uuid import UUID

from django.db import transaction

from cms.accounts.actor import Actor
from cms.accounts.decision import Place
from cms.media.actions.replace import retire
from cms.media.actions.writing import FORGET, note, start
from cms.media.errors import AssetInUse
from cms.media.models import Asset


def delete_asset(*, asset_id: UUID, by: Actor, now: datetime, used_in: Callable[[UUID], Sized]) -> None:
    """Delete an asset that nothing uses; its file goes too, unless another asset is the same file.

    `used_in` lists where an asset is used, which only layers above know. It is asked within the transaction.
    Raises PermissionMissing, AssetInUse, Asset.DoesNotExist.
    """
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset_id)
        by.require("media", Place(site=asset.site_id), now=now)
        if uses := len(used_in(asset.pk)):
            raise AssetInUse(uses)
        asset.version += 1
        note(asset, "delete", by=by, now=now, before={"file_name": asset.file_name, "hash": asset.hash})
        retire(asset, until=now)
        asset.delete()
        start(FORGET)
