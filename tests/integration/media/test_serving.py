"""How files are served: for a year, in parts, and nothing else than files."""

import io

import pytest

from cms.media.actions import delete_asset, remove_retired
from tests.factories.pictures import picture
from tests.factories.site import NOW, SYSTEM
from tests.integration.media.conftest import Fetch, Upload

MP4 = b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(range(256))
SIZE = len(MP4)


@pytest.fixture
def film(upload: Upload) -> str:
    return f"/media/{upload(io.BytesIO(MP4), 'film.mp4').hash}/original"


def test_a_picture_may_be_kept_for_a_year(upload: Upload, fetch: Fetch) -> None:
    asset = upload(picture(), 'Füße "1".png')

    answer = fetch(f"/media/{asset.hash}/original")

    assert answer.body == picture().getvalue()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Content-Length"] == str(asset.size_bytes)
    assert answer.headers["ETag"] == f'"{asset.hash}"'
    assert answer.headers["Content-Disposition"] == "inline; filename*=utf-8''F%C3%BC%C3%9Fe%20-1-.png"
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_who_has_it_already_is_told_so(film: str, fetch: Fetch) -> None:
    etag = fetch(film).headers["ETag"]

    answer = fetch(film, if_none_match=etag)

    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_head_tells_the_length_and_sends_nothing(film: str, fetch: Fetch) -> None:
    answer = fetch(film, method="HEAD")

    assert (answer.status, answer.headers["Content-Length"], answer.body) == (200, str(SIZE), b"")


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-3", 0, 3),
        ("bytes=10-", 10, SIZE - 1),
        ("bytes=-5", SIZE - 5, SIZE - 1),
        ("bytes=8-99999", 8, SIZE - 1),
    ],
)
def test_a_part_of_a_film_is_sent(film: str, fetch: Fetch, asked: str, first: int, last: int) -> None:
    answer = fetch(film, range=asked)

    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["Content-Length"] == str(last - first + 1)
    assert answer.body == MP4[first : last + 1]


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=0-1,4-5", "lines=1-2", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole_film(film: str, fetch: Fetch, asked: str) -> None:
    answer = fetch(film, range=asked)

    assert (answer.status, answer.body) == (200, MP4)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=-0"])
def test_a_range_behind_the_end_is_refused(film: str, fetch: Fetch, asked: str) -> None:
    answer = fetch(film, range=asked)

    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}")


def test_a_part_for_another_version_becomes_the_whole(film: str, fetch: Fetch) -> None:
    answer = fetch(film, range="bytes=0-3", if_range='"another"')

    assert answer.status == 200


def test_a_document_is_offered_for_saving_and_cannot_run(upload: Upload, fetch: Fetch) -> None:
    asset = upload(io.BytesIO(b"<script>alert(1)</script>"), "notes.txt")

    answer = fetch(f"/media/{asset.hash}/original")

    assert answer.headers["Content-Type"] == "text/plain"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="notes.txt"'
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        f"{'0' * 64}/original", f"{'0' * 64}/w320.webp", "short/original", "../settings.py", f"{'0' * 64}/..%2f..%2fx",
        f"{'0' * 64}/%2e%2e", f"{'A' * 64}/original",
    ],
)  # fmt: skip
def test_what_is_not_there_is_not_found(world: object, fetch: Fetch, path: str) -> None:
    assert fetch(f"/media/{path}").status == 404


def test_an_original_is_not_reached_by_another_name(upload: Upload, fetch: Fetch) -> None:
    asset = upload()

    for name in ("w320.webp", "original/", "original.png", "x/original", "%2e/original"):
        assert fetch(f"/media/{asset.hash}/{name}").status == 404


def test_other_methods_are_refused(film: str, fetch: Fetch) -> None:
    assert fetch(film, method="POST").status == 405


def test_a_deleted_file_is_gone(upload: Upload, fetch: Fetch) -> None:
    asset = upload()

    delete_asset(asset_id=asset.pk, by=SYSTEM, now=NOW, used_in=lambda asset_id: [])
    remove_retired(now=NOW)

    assert fetch(f"/media/{asset.hash}/original").status == 404
