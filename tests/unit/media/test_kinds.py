"""Telling a file by its content, and holding its name against it."""

import io

import pytest

from cms.media.kinds import KindRefused, NameRefused, recognize
from tests.factories.pictures import HARMLESS_SVG, archive, picture

OPEN_TEXT = "application/vnd.oasis.opendocument.text"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def film(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0isommp42"


@pytest.mark.parametrize(
    ("content", "name", "mime"),
    [
        (picture("PNG").getvalue(), "a.png", "image/png"),
        (picture("JPEG").getvalue(), "a.JPG", "image/jpeg"),
        (picture("JPEG").getvalue(), "a.jpeg", "image/jpeg"),
        (picture("GIF").getvalue(), "a.gif", "image/gif"),
        (picture("WEBP").getvalue(), "a.webp", "image/webp"),
        (picture("AVIF").getvalue(), "a.avif", "image/avif"),
        (HARMLESS_SVG, "a.svg", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- drawn by hand -->\n" + HARMLESS_SVG, "a.svg", "image/svg+xml"),
        (film(b"isom"), "a.mp4", "video/mp4"),
        (film(b"mp42"), "a.m4v", "video/mp4"),
        (film(b"iso6"), "a.mp4", "video/mp4"),
        (film(b"avc1"), "a.mp4", "video/mp4"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm", "a.webm", "video/webm"),
        (b"ID3\x03\0\0\0\0\0\x0f", "a.mp3", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0\0", "a.mp3", "audio/mpeg"),
        (b"OggS\0\x02\0\0", "a.ogg", "audio/ogg"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "a.wav", "audio/wav"),
        (b"%PDF-1.7\n", "a.pdf", "application/pdf"),
        (archive(("word/document.xml", "")).getvalue(), "a.docx", WORD),
        (archive(("xl/workbook.xml", "")).getvalue(), "a.xlsx", SHEET),
        (archive(("ppt/presentation.xml", "")).getvalue(), "a.pptx", SLIDES),
        (archive(("mimetype", OPEN_TEXT), ("content.xml", "")).getvalue(), "a.odt", OPEN_TEXT),
        (archive(("a.txt", "")).getvalue(), "a.zip", "application/zip"),
        ("Größe;Preis\n1;2\n".encode(), "a.csv", "text/csv"),
        (b"Gr\xf6\xdfe", "a.txt", "text/plain"),
        (HARMLESS_SVG, "a.txt", "text/plain"),
    ],
)
def test_a_file_is_told_by_its_content(content: bytes, name: str, mime: str) -> None:
    assert recognize(io.BytesIO(content), name).mime == mime


@pytest.mark.parametrize(
    ("content", "name", "ending"),
    [
        (picture("PNG").getvalue(), "a.jpg", ".png"),
        (picture("GIF").getvalue(), "a.svg", ".gif"),
        (archive(("word/document.xml", "")).getvalue(), "a.zip", ".docx"),
        (archive(("a.txt", "")).getvalue(), "a.docx", ".zip"),
        (b"<html><script>1</script></html>", "a.html", ".txt"),
        (b"#!/bin/sh\n", "a.png", ".txt"),
        (HARMLESS_SVG, "a.png", ".svg"),
    ],
)
def test_a_name_that_says_something_else_is_refused_with_the_right_ending(
    content: bytes, name: str, ending: str
) -> None:
    with pytest.raises(NameRefused) as refused:
        recognize(io.BytesIO(content), name)

    assert f"Give it the ending {ending}," in str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\0\x03\0\0\0", b"\x7fELF\x02\x01\x01\0", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", b"PK\x03\x04 cut off", b"RIFF\x24\0\0\0AVI LIST",
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused(content: bytes) -> None:
    with pytest.raises(KindRefused):
        recognize(io.BytesIO(content), "a.png")
