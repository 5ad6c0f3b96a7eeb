"""How large is a picture, and how many frames has it? Read from its headers; no pixel is decoded.

Decoders run in the worker only, so what decides whether a file gets there at all must not need one.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from reliability.wording import say as _

FRAMES_COUNTED_MAX = 1_000
"""Counting ends here: more than this is too many for any limit."""
_JPEG_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_BOXES_WITH_BOXES = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"iprp", b"ipco")


@dataclass(frozen=True)
class Dimensions:
    """Width and height in pixels as stored, before any rotation, and the number of frames."""

    width: int
    height: int
    frames: int = 1


class HeaderBroken(Exception):
    """The picture is damaged."""

    def __init__(self) -> None:
        super().__init__("file: " + _("The picture is damaged or incomplete. Export it again and upload the new file."))


def measure(mime: str, stream: BinaryIO) -> Dimensions:
    """Read the dimensions of a PNG, JPEG, GIF, WebP or AVIF. Raises HeaderBroken; KeyError for another type."""
    stream.seek(0)
    try:
        found = READERS[mime](stream)
    except (struct.error, ValueError, IndexError, RecursionError) as error:
        raise HeaderBroken from error
    if not found.width or not found.height:
        raise HeaderBroken
    return found


def _png(stream: BinaryIO) -> Dimensions:
    """RFC 2083 and the APNG chunk acTL, which stands before the data."""
    stream.seek(8)
    width = height = 0
    frames = 1
    while header := stream.read(8):
        length, kind = struct.unpack(">I4s", header)
        if kind == b"IHDR":
            width, height = struct.unpack(">II", stream.read(8))
            stream.seek(length - 8 + 4, 1)
        elif kind == b"acTL":
            (frames,) = struct.unpack(">I", stream.read(4))
            stream.seek(length - 4 + 4, 1)
        elif kind == b"IDAT":
            break
        else:
            stream.seek(length + 4, 1)
    return Dimensions(width, height, frames)


def _jpeg(stream: BinaryIO) -> Dimensions:
    """ITU T.81: segments up to the start of a frame."""
    stream.seek(2)
    while True:
        marker = _jpeg_marker(stream)
        if marker in _JPEG_ALONE:
            continue
        (length,) = struct.unpack(">H", stream.read(2))
        if marker in _JPEG_FRAME:
            height, width = struct.unpack(">xHH", stream.read(5))
            return Dimensions(width, height)
        stream.seek(length - 2, 1)


def _jpeg_marker(stream: BinaryIO) -> int:
    if stream.read(1) != b"\xff":
        raise ValueError("no marker")
    marker = 0xFF
    while marker == 0xFF:
        marker = stream.read(1)[0]
    return marker


def _gif(stream: BinaryIO) -> Dimensions:
    """GIF89a: blocks one after the other; each image descriptor is a frame."""
    stream.seek(6)
    width, height, flags = struct.unpack("<HHBxx", stream.read(7))
    _skip_colors(stream, flags)
    frames = 0
    while frames < FRAMES_COUNTED_MAX and (kind := stream.read(1)) not in (b";", b""):
        if kind == b",":
            frames += 1
            left, top, frame_width, frame_height, flags = struct.unpack("<HHHHB", stream.read(9))
            width, height = max(width, left + frame_width), max(height, top + frame_height)
            _skip_colors(stream, flags)
        stream.seek(1, 1)
        _skip_blocks(stream)
    return Dimensions(width, height, frames)


def _skip_colors(stream: BinaryIO, flags: int) -> None:
    if flags & 0x80:
        stream.seek(3 * 2 ** ((flags & 7) + 1), 1)


def _skip_blocks(stream: BinaryIO) -> None:
    while size := stream.read(1):
        if size == b"\0":
            return
        stream.seek(size[0], 1)


def _webp(stream: BinaryIO) -> Dimensions:
    """RFC 9649: the canvas of an extended file, else the size of its one frame."""
    stream.seek(12)
    found = Dimensions(0, 0)
    frames = 0
    while frames < FRAMES_COUNTED_MAX and len(header := stream.read(8)) == 8:
        kind, length = struct.unpack("<4sI", header)
        end = stream.tell() + length + length % 2
        frames += kind == b"ANMF"
        if kind in _WEBP_SIZES and not found.width:
            found = _WEBP_SIZES[kind](stream.read(10))
        stream.seek(end)
    return Dimensions(found.width, found.height, frames or 1)


def _vp8(data: bytes) -> Dimensions:
    width, height = struct.unpack("<6xHH", data)
    return Dimensions(width & 0x3FFF, height & 0x3FFF)


def _vp8l(data: bytes) -> Dimensions:
    (bits,) = struct.unpack("<xI", data[:5])
    return Dimensions((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)


def _vp8x(data: bytes) -> Dimensions:
    return Dimensions(int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1)


def _avif(stream: BinaryIO) -> Dimensions:
    """ISO 23008-12: the largest extent of any item (tiles are smaller than the whole); frames from the sample table."""
    width = height = frames = 0
    end = stream.seek(0, 2)
    for kind, data in _boxes(stream, 0, end):
        if kind == b"ispe":
            item_width, item_height = struct.unpack(">4xII", data[:12])
            width, height = max(width, item_width), max(height, item_height)
        elif kind == b"stsz":
            frames = max(frames, struct.unpack(">8xI", data[:12])[0])
    return Dimensions(width, height, frames or 1)


def _boxes(stream: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while start + 8 <= end:
        stream.seek(start)
        length, kind = struct.unpack(">I4s", stream.read(8))
        header = 8
        if length == 1:
            (length,) = struct.unpack(">Q", stream.read(8))
            header = 16
        stop = min(start + length, end) if length else end
        if length and length < header:
            raise ValueError("a box shorter than its header")
        if kind in (*_BOXES_WITH_BOXES, b"meta"):
            yield from _boxes(stream, start + header + 4 * (kind == b"meta"), stop)
        else:
            yield kind, stream.read(min(12, stop - start - header))
        start = stop


_WEBP_SIZES: dict[bytes, Callable[[bytes], Dimensions]] = {b"VP8 ": _vp8, b"VP8L": _vp8l, b"VP8X": _vp8x}
READERS: dict[str, Callable[[BinaryIO], Dimensions]] = {
    "image/png": _png, "image/jpeg": _jpeg, "image/gif": _gif, "image/webp": _webp, "image/avif": _avif,
}  # fmt: skip
