"""Files of one test do not meet those of another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from django.test import Client

from cms.media.actions import upload_asset
from cms.media.models import Asset
from tests.factories.pictures import picture
from tests.factories.site import NOW, SYSTEM, World

Upload = Callable[..., Asset]


@dataclass(frozen=True)
class Answer:
    """What a client gets, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Fetch = Callable[..., Answer]


@pytest.fixture
def fetch(api: Client) -> Fetch:
    """Get an address: `fetch(path, range="bytes=0-3")`, with headers by name."""

    def fetch(path: str, *, method: str = "GET", **headers: str) -> Answer:
        answer = api.generic(method, path, headers={key.replace("_", "-"): value for key, value in headers.items()})
        body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[call-overload]
        return Answer(answer.status_code, answer.headers, body)

    return fetch


@pytest.fixture(autouse=True)
def media_folder(tmp_path: Path, settings: Any) -> Path:
    """Keep the media of this test in a folder of its own."""
    folder = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder), "base_url": "/media/"},
        },
    }
    return folder


@pytest.fixture
def upload(world: World) -> Upload:
    """Upload a file as the system: `upload(file, name)`; a picture by default."""

    def upload(file: BinaryIO | None = None, name: str = "halves.png", **texts: Any) -> Asset:
        return upload_asset(site_id=world.site.pk, file=file or picture(), file_name=name, by=SYSTEM, now=NOW, **texts)

    return upload
