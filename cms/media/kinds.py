"""What kind of file is this? Told by its first bytes, from the list of those that are allowed; the name must agree.

The table is small on purpose: it is the allow-list too. Libraries that know a thousand formats guess between them, miss
common brands of MP4, and answer differently from version to version.
"""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from reliability.wording import say as _

HEAD_BYTES = 4096
"""How much of a file is looked at."""
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
_MP4_BRANDS = (b"isom", b"iso", b"mp4", b"avc1", b"dash", b"M4V ", b"MSNV")
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b") | {127}


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be uploaded."""

    mime: str
    extensions: tuple[str, ...]
    """Accepted endings, the usual one first."""
    matches: Callable[[bytes], bool]
    holds: str = ""
    """For archives: the member by which the kind is told."""


class KindRefused(Exception):
    """The file is of a kind that is not accepted."""

    def __init__(self) -> None:
        super().__init__(
            "file: "
            + _(
                "This kind of file is not accepted. Upload a picture (PNG, JPEG, GIF, WebP, AVIF, SVG), a film (MP4, "
                "WebM), sound (MP3, OGG, WAV) or a document (PDF, Word, Excel, PowerPoint, OpenDocument, ZIP, text, "
                "CSV)."
            )
        )


class NameRefused(Exception):
    """The name of the file says something else than its content."""

    def __init__(self, file_name: str, kind: Kind) -> None:
        ending = kind.extensions[0]
        super().__init__(
            "file: "
            + _(
                "The name “{name}” does not fit the content, which is {kind}. "
                "Give it the ending {ending}, or choose another file.",
                name=file_name,
                kind=kind.mime,
                ending=ending,
            )
        )


def recognize(stream: BinaryIO, file_name: str) -> Kind:
    """Tell the kind of a file that can be sought; leaves the position anywhere.

    Raises KindRefused for what is not on the list, NameRefused when the ending of the name belongs to something else.
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    found = _narrowed([kind for kind in KINDS if kind.matches(head)], stream)
    if not found:
        raise KindRefused
    ending = PurePosixPath(file_name).suffix.lower()
    fitting = [kind for kind in found if not ending or ending in kind.extensions]
    if not fitting:
        raise NameRefused(file_name, found[0])
    return fitting[0]


def _narrowed(found: list[Kind], stream: BinaryIO) -> list[Kind]:
    """Look into an archive, by its list of members only, to tell office files from each other and from plain ZIP."""
    if not any(kind.mime == "application/zip" for kind in found):
        return found
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as archive:
            members = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return []
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    special = [kind for kind in found if _is_inside(kind, members, head)]
    return special or [kind for kind in found if not kind.holds]


def _is_inside(kind: Kind, members: set[str], head: bytes) -> bool:
    if kind.mime.startswith(_OPEN):
        return head[30:].startswith(f"mimetype{kind.holds}".encode())
    return bool(kind.holds) and kind.holds in members


def _begins(*signatures: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(signatures)


def _riff(form: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == form


def _brand(*brands: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[4:8] == b"ftyp" and head[8:12].startswith(brands)


def _is_webm(head: bytes) -> bool:
    return head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head[:64]


def _is_mp3(head: bytes) -> bool:
    """ISO 11172-3: an ID3 tag, or eleven bits of sync followed by the number of layer III."""
    return head.startswith(b"ID3") or (len(head) > 3 and head[0] == 0xFF and head[1] in (0xFA, 0xFB, 0xF2, 0xF3, 0xE3))


def _is_svg(head: bytes) -> bool:
    """Only that it may be one: whether it is, its parser tells."""
    return _is_text(head) and (b"<svg" in head or b":svg" in head)


def _is_text(head: bytes) -> bool:
    return bool(head) and not _CONTROL.intersection(head) and not head.startswith(b"%PDF-")


_is_zip = _begins(b"PK\x03\x04")
KINDS: tuple[Kind, ...] = (
    Kind("image/png", (".png",), _begins(b"\x89PNG\r\n\x1a\n")),
    Kind("image/jpeg", (".jpg", ".jpeg", ".jpe", ".jfif"), _begins(b"\xff\xd8\xff")),
    Kind("image/gif", (".gif",), _begins(b"GIF87a", b"GIF89a")),
    Kind("image/webp", (".webp",), _riff(b"WEBP")),
    Kind("image/avif", (".avif",), _brand(b"avif", b"avis")),
    Kind("image/svg+xml", (".svg",), _is_svg),
    Kind("video/mp4", (".mp4", ".m4v"), _brand(*_MP4_BRANDS)),
    Kind("video/webm", (".webm",), _is_webm),
    Kind("audio/mpeg", (".mp3",), _is_mp3),
    Kind("audio/ogg", (".ogg", ".oga", ".opus"), _begins(b"OggS")),
    Kind("audio/wav", (".wav",), _riff(b"WAVE")),
    Kind("application/pdf", (".pdf",), _begins(b"%PDF-")),
    Kind(f"{_OFFICE}.wordprocessingml.document", (".docx",), _is_zip, holds="word/document.xml"),
    Kind(f"{_OFFICE}.spreadsheetml.sheet", (".xlsx",), _is_zip, holds="xl/workbook.xml"),
    Kind(f"{_OFFICE}.presentationml.presentation", (".pptx",), _is_zip, holds="ppt/presentation.xml"),
    Kind(f"{_OPEN}.text", (".odt",), _is_zip, holds=f"{_OPEN}.text"),
    Kind(f"{_OPEN}.spreadsheet", (".ods",), _is_zip, holds=f"{_OPEN}.spreadsheet"),
    Kind(f"{_OPEN}.presentation", (".odp",), _is_zip, holds=f"{_OPEN}.presentation"),
    Kind("application/zip", (".zip",), _is_zip),
    Kind("text/plain", (".txt",), _is_text),
    Kind("text/csv", (".csv",), _is_text),
)
EXTENSION_BY_MIME = {kind.mime: kind.extensions[0] for kind in KINDS}
