"""Paint the demo's pictures, upload them, and encode their renditions, two at a time while the next is painted."""

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from cms.accounts.actor import Actor
from cms.media.actions import finish, upload_asset
from cms.media.encoder import encoded
from cms.media.models import Asset
from cms.publishing.demo.ground import Ground
from cms.publishing.demo.pictures import jpeg, poster

LOGO = Path(__file__).parent / "content" / "logo.svg"
ENCODERS_MAX = 4
"""Each is a process of its own, so more than there are processors would only queue."""


def upload(
    ground: Ground, shared: Mapping[str, Any], *, by: Actor, now: datetime, say: Callable[[str], None]
) -> dict[str, str]:
    """Upload every file of the demo that the site lacks; returns the ids of all by name."""
    rows: dict[str, Asset] = {}
    encoding: list[tuple[Asset, Future[dict[str, Any]]]] = []
    with ThreadPoolExecutor(min(ENCODERS_MAX, os.cpu_count() or 1)) as pool:
        for name, file_name, content, alt in _files(shared):
            row = rows[name] = upload_asset(
                site_id=ground.site.pk, file=BytesIO(content), file_name=file_name, alt=alt, by=by, now=now
            )
            if row.has_renditions and row.state != Asset.State.READY:
                encoding.append((row, pool.submit(_encoded, row)))
        for number, (row, made) in enumerate(encoding, 1):
            answer = made.result()
            finish(asset=row, width=answer["width"], height=answer["height"], made=answer["made"], now=now)
            say(f"  pictures: {number} of {len(encoding)}")
    return {name: str(row.pk) for name, row in rows.items()}


def _files(shared: Mapping[str, Any]) -> Iterator[tuple[str, str, bytes, Mapping[str, str]]]:
    """Yield name, file name, content and alternative texts of every file."""
    for name, alt in shared["pictures"].items():
        yield name, f"{name}.jpg", jpeg(name), alt
    content = {"logo": LOGO.read_bytes, "poster": poster}
    for name, each in shared["others"].items():
        alt = {code: text for code, text in each.items() if code != "file_name"}
        yield name, each["file_name"], content[name](), alt


def _encoded(row: Asset) -> dict[str, Any]:
    """Encode in a thread, which must not touch the database: its rows may not be committed yet."""
    return encoded(
        hash_=row.hash, mime=row.mime, focal=(row.focal_x, row.focal_y), is_animated=row.is_animated, done=[]
    )
