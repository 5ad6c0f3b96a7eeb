"""Where are the files? A thin wrapper over Django's storage API, so that any storage will do: a folder, or S3.

Keys are made of hashes: the same content is the same key, and a key's content never changes.
"""

from typing import BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage

ORIGINAL = "original"


class FileMissing(Exception):
    """The storage has no such file."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no file {key} in the storage.")


def key_of(hash_: str, name: str = ORIGINAL) -> str:
    """Build the key of an original or of a rendition, such as ab/ab12.../w640.avif."""
    return f"{hash_[:2]}/{hash_}/{name}"


def put(key: str, stream: BinaryIO) -> None:
    """Keep a file; does nothing when the key exists, since its content is the same."""
    if default_storage.exists(key):
        return
    stream.seek(0)
    saved = default_storage.save(key, File(stream))
    if saved != key:  # Another process was first; the storage chose another name for ours.
        default_storage.delete(saved)


def open_file(key: str) -> BinaryIO:
    """Open a file for reading; the caller closes it. Raises FileMissing."""
    try:
        return cast(BinaryIO, default_storage.open(key, "rb"))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise FileMissing(key) from error


def size_of(key: str) -> int:
    """Tell the size of a file in bytes. Raises FileMissing."""
    try:
        return default_storage.size(key)
    except FileNotFoundError as error:
        raise FileMissing(key) from error


def remove_all(hash_: str) -> None:
    """Remove an original and everything made of it; what is gone already is fine."""
    folder = key_of(hash_, "")
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}{name}")
    default_storage.delete(folder)
