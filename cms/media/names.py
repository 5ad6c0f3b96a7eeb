"""Which name does an uploaded file keep? A readable one that no header, path or shell can be broken with."""

import unicodedata
from pathlib import PurePosixPath

NAME_MAX = 200
_UNSAFE = frozenset('<>:"|?*\\/')


def plain_name(name: str) -> str:
    """Reduce a file name to its last part, without control and formatting characters; never empty."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join("-" if character in _UNSAFE else character for character in last if _is_visible(character))
    kept = " ".join(kept.split()).strip(". ")
    path = PurePosixPath(kept or "file")
    return path.stem[: NAME_MAX - len(path.suffix[:20])] + path.suffix[:20]


def _is_visible(character: str) -> bool:
    """Control and formatting characters, such as those that turn the direction of writing, are left out."""
    return character == " " or not unicodedata.category(character).startswith(("C", "Z"))
