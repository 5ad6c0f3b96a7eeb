"""What is kept of an SVG, and that it is all that is ever served."""

import io

from cms.media.storage import key_of, open_file
from tests.factories.pictures import HARMLESS_SVG
from tests.integration.media.conftest import Fetch, Upload

HOSTILE = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30"
 onload="alert(1)"><script>alert(2)</script><foreignObject><iframe src="https://evil.example/"/></foreignObject>
<a xlink:href="javascript:alert(3)"><rect width="4" height="4" onclick="alert(4)"/></a>
<style>rect { fill: url(https://evil.example/track) }</style><use href="https://evil.example/x.svg#a"/></svg>"""


def test_scripts_handlers_and_outside_links_are_gone_from_what_is_kept(upload: Upload) -> None:
    asset = upload(io.BytesIO(HOSTILE), "drawing.svg")

    with open_file(key_of(asset.hash)) as kept:
        text = kept.read().decode()
    assert "<rect" in text
    for word in ("script", "alert", "onload", "onclick", "foreignObject", "iframe", "evil.example"):
        assert word not in text
    assert (asset.width, asset.height, asset.state, asset.size_bytes) == (40, 30, "ready", len(text.encode()))


def test_a_drawing_is_served_in_a_sandbox(upload: Upload, fetch: Fetch) -> None:
    asset = upload(io.BytesIO(HARMLESS_SVG), "drawing.svg")

    answer = fetch(f"/media/{asset.hash}/original")

    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].endswith("; sandbox")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_same_drawing_is_kept_once(upload: Upload) -> None:
    assert upload(io.BytesIO(HOSTILE), "a.svg").pk == upload(io.BytesIO(HOSTILE), "b.svg").pk
