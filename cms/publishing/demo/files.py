"""Paint the demo's pictures, upload them, and encode their renditions beside everything else that is done."""

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


Encoding = list[tuple[Asset, Future[dict[str, Any]]]]
"""Pictures whose renditions are being made."""


def encoders() -> ThreadPoolExecutor:
    """Start as many encoders as there are processors; each only waits for a process of its own."""
    return ThreadPoolExecutor(min(ENCODERS_MAX, os.cpu_count() or 1))


def upload(
    ground: Ground, shared: Mapping[str, Any], pool: ThreadPoolExecutor, *, by: Actor, now: datetime
) -> tuple[dict[str, str], Encoding]:
    """Upload every file of the demo that the site lacks; returns the ids of all by name, and what is being encoded."""
    ids: dict[str, str] = {}
    encoding: Encoding = []
    for name, file_name, content, alt in _files(shared):
        row = upload_asset(site_id=ground.site.pk, file=BytesIO(content), file_name=file_name, alt=alt, by=by, now=now)
        ids[name] = str(row.pk)
        if row.has_renditions and row.state != Asset.State.READY:
            encoding.append((row, pool.submit(_encoded, row)))
    return ids, encoding


def complete(encoding: Encoding, *, now: datetime, say: Callable[[str], None]) -> None:
    """Wait for the renditions and offer them; a load that is ended before leaves that to the tasks of uploads."""
    for number, (row, made) in enumerate(encoding, 1):
        answer = made.result()
        finish(asset=row, width=answer["width"], height=answer["height"], made=answer["made"], now=now)
        say(f"  pictures: {number} of {len(encoding)}")


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
