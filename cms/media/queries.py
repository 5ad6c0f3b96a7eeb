"""Reads about files."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from cms.media.models import Asset, RetiredFile


@dataclass(frozen=True)
class Original:
    """What is needed to serve an original: its type and its name."""

    mime: str
    file_name: str


def original(hash_: str, *, now: datetime) -> Original | None:
    """Find an original by its hash, also one that was replaced lately; at most two queries, any node."""
    found = Asset.objects.filter(hash=hash_).values_list("mime", "file_name").first()
    if found is None:
        retired = RetiredFile.objects.filter(hash=hash_, served_until__gt=now)
        found = retired.values_list("mime", "file_name").first()
    return Original(*found) if found else None


def usage(asset_id: UUID) -> list[Any]:
    """List where an asset is used, as the function answers that the setting MEDIA_USAGE names.

    Each entry has `title` and `path`, and perhaps `url` of a page to change it on.
    """
    ask = cast(Callable[..., list[Any]], import_string(settings.MEDIA_USAGE))
    return ask(asset_id=asset_id)
