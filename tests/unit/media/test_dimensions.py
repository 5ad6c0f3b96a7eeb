"""Dimensions from headers, held against what a decoder says; damaged headers end in one error, never in another."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cms.media.dimensions import READERS, Dimensions, HeaderBroken, measure
from tests.factories.pictures import animation, picture

SAMPLES = {
    "image/png": picture("PNG").getvalue(),
    "image/jpeg": picture("JPEG").getvalue(),
    "image/gif": animation("GIF").getvalue(),
    "image/webp": animation("WEBP").getvalue(),
    "image/avif": picture("AVIF").getvalue(),
}


@pytest.mark.parametrize(
    ("mime", "file"),
    [
        ("image/png", picture("PNG", (700, 500))),
        ("image/jpeg", picture("JPEG", (700, 500), progressive=True)),
        ("image/gif", picture("GIF", (700, 500))),
        ("image/webp", picture("WEBP", (700, 500))),
        ("image/webp", picture("WEBP", (700, 500), lossless=True)),
        ("image/webp", picture("WEBP", (700, 500), mode="RGBA", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0")),
        ("image/avif", picture("AVIF", (700, 500))),
    ],
)
def test_a_still_picture_is_measured(mime: str, file: io.BytesIO) -> None:
    assert measure(mime, file) == Dimensions(700, 500, 1)


@pytest.mark.parametrize("file_format", ["GIF", "PNG", "WEBP", "AVIF"])
def test_frames_are_counted(file_format: str) -> None:
    file = animation(file_format, frames=5, size=(40, 30))

    assert measure(f"image/{file_format.lower()}", file) == Dimensions(40, 30, 5)


@given(st.sampled_from(sorted(READERS)), st.data())
def test_a_damaged_header_gives_a_size_or_the_one_error(mime: str, data: st.DataObject) -> None:
    sample = bytearray(SAMPLES[mime])
    position = data.draw(st.integers(0, min(len(sample), 400) - 1))
    sample[position] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sample)))

    try:
        found = measure(mime, io.BytesIO(bytes(sample[:cut])))
    except HeaderBroken:
        return

    assert found.width > 0
    assert found.height > 0


@given(st.sampled_from(sorted(READERS)), st.binary(max_size=300))
def test_any_bytes_give_a_size_or_the_one_error(mime: str, noise: bytes) -> None:
    try:
        found = measure(mime, io.BytesIO(SAMPLES[mime][:16] + noise))
    except HeaderBroken:
        return

    assert found.width > 0


def test_a_picture_inside_the_metadata_of_a_photograph_is_not_taken_for_it() -> None:
    thumbnail = picture("JPEG", (16, 12)).getvalue()
    file = io.BytesIO()
    Image.new("RGB", (700, 500)).save(file, "JPEG", exif=b"Exif\0\0" + thumbnail)

    assert measure("image/jpeg", file) == Dimensions(700, 500)
