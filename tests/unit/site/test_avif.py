"""AVIF is left out of a picture where it is switched off, and stays where the original is one."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from cms.site.presenting import Presenter
from tests.unit.site.test_pictures import asset


def sources(mime: str, *, has_avif: bool) -> list[str]:
    given = asset(mime=mime)
    row: Any = SimpleNamespace(
        id="a", mime=mime, hash="h", file_name="a", title="", alt="{}", width=1, height=1, size_bytes=1, focal_x=0.5,
        focal_y=0.5, version=1, ladder=json.dumps(given["renditions"]),
    )  # fmt: skip
    resolved: Any = SimpleNamespace(assets={"a": row}, targets={})
    found = Presenter({}, resolved, (), has_avif)._media({"asset": "a"})
    assert found is not None
    assert found.picture is not None
    return [each.type for each in found.picture.sources] + (["own"] if found.picture.srcset else [])


@pytest.mark.parametrize(
    ("mime", "has_avif", "offered"),
    [
        ("image/jpeg", True, ["image/avif", "own"]),
        ("image/jpeg", False, ["own"]),
        ("image/avif", False, ["own"]),
    ],
)
def test_avif_follows_its_flag(mime: str, has_avif: bool, offered: list[str]) -> None:
    assert sources(mime, has_avif=has_avif) == offered
