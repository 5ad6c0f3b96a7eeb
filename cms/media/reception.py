"""Take in a file: to temporary storage while hashing, judged before anything is kept."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Protocol, cast

from django.utils.translation import gettext as _

from cms.media.dimensions import HeaderBroken, measure
from cms.media.kinds import EXTENSION_BY_MIME, KindRefused, NameRefused, recognize
from cms.media.names import plain_name
from cms.media.svg import SvgRefused, made_harmless

PIXELS_MAX = 50_000_000
FRAMES_MAX = 300
SIDE_MAX = 30_000
"""Longest side in pixels: no format that is made here goes further."""
CHUNK_BYTES = 256 * 1024
IN_MEMORY_BYTES = 1024 * 1024
"""Smaller files are not written to temporary storage."""


class Source(Protocol):
    """A file as it comes in: open for reading in binary, or one of Django's uploads."""

    @property
    def read(self) -> Callable[[int], bytes]: ...

    @property
    def seek(self) -> Callable[[int], object]: ...


@dataclass(frozen=True)
class Received:
    """A file that passed, still in temporary storage."""

    stream: BinaryIO
    file_name: str
    hash: str
    """SHA-256 of what is kept, in hex."""
    size_bytes: int
    mime: str
    width: int | None = None
    height: int | None = None
    frames: int = 1


class FileTooLarge(Exception):
    """The file, or what it unfolds to, is larger than allowed."""

    def __init__(self, what: str, limit: str) -> None:
        sentence = _("The file has %(what)s; at most %(limit)s are allowed. Upload a smaller version.")
        super().__init__("file: " + sentence % {"what": what, "limit": limit})


class FileEmpty(Exception):
    """The file has no content."""

    def __init__(self) -> None:
        super().__init__("file: " + _("The file is empty. Choose another one."))


REFUSALS = (FileTooLarge, FileEmpty, KindRefused, NameRefused, HeaderBroken, SvgRefused)
"""Why a file is not taken in; the message of each names the field and the fix."""


@contextmanager
def received(file: Source, *, file_name: str, max_bytes: int) -> Iterator[Received]:
    """Copy `file` to temporary storage, judge it and describe it; the copy goes with the context.

    An SVG comes out harmless, and its hash is that of the harmless text. Raises one of REFUSALS.
    """
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as copy:
        stream = cast(BinaryIO, copy)
        digest, size = _copied(file, stream, max_bytes)
        name = plain_name(file_name)
        kind = recognize(stream, name)
        if not PurePosixPath(name).suffix:
            name += EXTENSION_BY_MIME[kind.mime]
        if kind.mime == "image/svg+xml":
            yield _drawing(stream, name)
        elif kind.mime.startswith("image/"):
            yield _picture(stream, name, digest, size, kind.mime)
        else:
            yield Received(stream, name, digest, size, kind.mime)


def _copied(file: Source, copy: BinaryIO, max_bytes: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        size += len(chunk)
        if size > max_bytes:
            raise FileTooLarge(_more_than(f"{_mebibytes(max_bytes)} MiB"), f"{_mebibytes(max_bytes)} MiB")
        digest.update(chunk)
        copy.write(chunk)
    if not size:
        raise FileEmpty
    return digest.hexdigest(), size


def _more_than(limit: str) -> str:
    return _("more than %(limit)s") % {"limit": limit}


def _mebibytes(size: int) -> str:
    return f"{size / 1024 / 1024:.4g}"


def _drawing(stream: BinaryIO, name: str) -> Received:
    stream.seek(0)
    drawing = made_harmless(stream.read())
    stream.seek(0)
    stream.truncate()
    stream.write(drawing.data)
    digest = hashlib.sha256(drawing.data).hexdigest()
    return Received(stream, name, digest, len(drawing.data), "image/svg+xml", drawing.width, drawing.height)


def _picture(stream: BinaryIO, name: str, digest: str, size: int, mime: str) -> Received:
    found = measure(mime, stream)
    if found.width * found.height > PIXELS_MAX:
        megapixels = _("%(number)s megapixels")
        pixels = {"number": f"{found.width * found.height / 1_000_000:.1f}"}
        raise FileTooLarge(megapixels % pixels, megapixels % {"number": PIXELS_MAX // 1_000_000})
    if max(found.width, found.height) > SIDE_MAX:
        side = _("a side of %(number)s pixels") % {"number": max(found.width, found.height)}
        raise FileTooLarge(side, _("%(number)s pixels") % {"number": SIDE_MAX})
    if found.frames > FRAMES_MAX:
        frames = _("%(number)s frames") % {"number": FRAMES_MAX}
        raise FileTooLarge(_more_than(frames), frames)
    return Received(stream, name, digest, size, mime, found.width, found.height, found.frames)
