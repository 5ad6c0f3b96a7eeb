"""Change what is said of a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.accounts.actor import Actor
from cms.accounts.decision import Place
from cms.media.actions.writing import ENCODE, checked_alt, checked_title, note, start
from cms.media.errors import AssetChanged, FieldRefused
from cms.media.models import Asset


def change_asset(
    *,
    asset_id: UUID,
    by: Actor,
    now: datetime,
    title: str | None = None,
    alt: Mapping[str, str] | None = None,
    focal: tuple[float, float] | None = None,
    seen: Mapping[str, object] | None = None,
) -> Asset:
    """Change title, alternative texts (of the given locales only) and focal point; None leaves as it is.

    `seen` holds what the person saw, by field (`title`, `alt.en`, `focal`): who saw something else than there is now
    gets AssetChanged, and nothing is written. A new focal point makes new crops, by a task; the former ones stay in
    the ladder until then. Raises also PermissionMissing, FieldRefused, Asset.DoesNotExist.
    """
    with transaction.atomic():
        asset = Asset.objects.select_for_update().get(pk=asset_id)
        by.require("media", Place(site=asset.site_id), now=now)
        before = _values(asset)
        wanted = before | _wanted(asset, title, alt, focal)
        changes = {key: value for key, value in wanted.items() if value != before.get(key)}
        _refuse_unseen(before, changes, seen or {})
        if changes:
            _apply(asset, wanted, changes, now=now)
            note(asset, "change", by=by, now=now, before={key: before.get(key) for key in changes}, after=changes)
    return asset


def _values(asset: Asset) -> dict[str, Any]:
    texts = {f"alt.{code}": text for code, text in asset.alt.items()}
    return {"title": asset.title, "focal": [asset.focal_x, asset.focal_y], **texts}


def _wanted(
    asset: Asset, title: str | None, alt: Mapping[str, str] | None, focal: tuple[float, float] | None
) -> dict[str, Any]:
    wanted: dict[str, Any] = {}
    if title is not None:
        wanted["title"] = checked_title(title)
    if alt is not None:
        kept = checked_alt(alt, site_id=asset.site_id)
        wanted |= {f"alt.{code}": kept.get(code, "") for code in alt if kept.get(code) or code in asset.alt}
    if focal is not None:
        if not all(0 <= each <= 1 for each in focal):
            raise FieldRefused("focal", _("The focal point lies between 0 and 1 (0 and 100 %) in both directions."))
        wanted["focal"] = [round(each, 2) for each in focal]
    return wanted


def _refuse_unseen(before: Mapping[str, Any], changes: Mapping[str, Any], seen: Mapping[str, object]) -> None:
    for key in changes:
        if key in seen and seen[key] != before.get(key, ""):
            raise AssetChanged(key, before.get(key, ""))


def _apply(asset: Asset, wanted: Mapping[str, Any], changes: Mapping[str, Any], *, now: datetime) -> None:
    asset.title = wanted["title"]
    asset.alt = {key[4:]: text for key, text in wanted.items() if key.startswith("alt.") and text}
    asset.focal_x, asset.focal_y = wanted["focal"]
    asset.version += 1
    if "focal" in changes and asset.has_renditions:
        asset.state, asset.state_changed_at, asset.error = Asset.State.PROCESSING, now, ""
        start(ENCODE, str(asset.pk))
    asset.save(update_fields=["title", "alt", "focal_x", "focal_y", "version", "state", "state_changed_at", "error"])
