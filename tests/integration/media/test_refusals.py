"""Files that are not taken in: the message names the field and the fix, and nothing is kept."""

import io
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from cms.media.dimensions import HeaderBroken
from cms.media.kinds import KindRefused, NameRefused
from cms.media.models import Asset
from cms.media.reception import FileEmpty, FileTooLarge
from cms.media.svg import SvgRefused
from tests.factories.pictures import animation, picture
from tests.integration.media.conftest import Upload

BOMB = b"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&c;</text></svg>"""
READS_A_FILE = b"""<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>
<svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>"""
DEEP = b'<svg xmlns="http://www.w3.org/2000/svg">' + b"<g>" * 100_000 + b"</g>" * 100_000 + b"</svg>"
SMALL = picture("PNG").getvalue()
HUGE_PNG = SMALL[:16] + (8_000).to_bytes(4, "big") + (7_000).to_bytes(4, "big") + SMALL[24:]


@pytest.mark.parametrize(
    ("content", "name", "error", "message"),
    [
        (b"", "a.png", FileEmpty, "file: The file is empty"),
        (b"MZ\x90\x00\x03\x00", "a.exe", KindRefused, "file: This kind of file is not accepted"),
        (b"<!doctype html><script>1</script>", "a.html", NameRefused, "file: The name “a.html” does not fit"),
        (picture("JPEG").getvalue(), "a.png", NameRefused, "Give it the ending .jpg"),
        (picture("PNG").getvalue()[:20], "a.png", HeaderBroken, "file: The picture is damaged"),
        (BOMB, "a.svg", SvgRefused, "declares entities"),
        (READS_A_FILE, "a.svg", SvgRefused, "declares entities"),
        (DEEP, "a.svg", SvgRefused, "nests deeper"),
        (b"<svg><g></svg>", "a.svg", SvgRefused, "SVG namespace"),
        (HUGE_PNG, "a.png", FileTooLarge, "56.0 megapixels; at most 50 megapixels are allowed"),
    ],
    ids=["empty", "program", "html", "mismatch", "damaged", "bomb", "reads", "deep", "no-namespace", "huge"],
)
def test_a_bad_file_is_refused_and_nothing_is_kept(
    upload: Upload, media_folder: Path, content: bytes, name: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as refused:
        upload(io.BytesIO(content), name)

    assert message in str(refused.value)
    assert not Asset.objects.exists()
    assert not media_folder.exists()


def test_a_file_above_the_limit_is_refused_before_it_is_read_to_its_end(upload: Upload, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    file = Endless()

    with pytest.raises(FileTooLarge, match=r"more than 1 MiB; at most 1 MiB are allowed"):
        upload(file, "a.png")

    assert file.given < 2 * 1024 * 1024


def test_an_animation_of_too_many_frames_is_refused(upload: Upload) -> None:
    file = animation(frames=301, size=(8, 8))

    with pytest.raises(FileTooLarge, match="more than 300 frames"):
        upload(file, "a.gif")


class Endless(io.RawIOBase, BinaryIO):  # type: ignore[misc]
    """A file without end."""

    given = 0

    def seek(self, position: int, whence: int = 0) -> int:
        return 0

    def read(self, size: int = -1) -> bytes:
        self.given += size
        return b"\x89PNG" * (size // 4)
