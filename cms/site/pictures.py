"""Which files does a picture consist of? Pure: an asset with its renditions in, sources and a fallback out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

FORMATS = ("image/avif", "image/webp")
"""Offered in this order in front of the original's format; a browser takes the first that it knows."""
SPEC = re.compile(r"(?:(?P<crop>\d+x\d+)-)?w(?P<width>\d+)\.\w+")


@dataclass(frozen=True)
class Source:
    """The sizes of one format, as `srcset` writes them."""

    type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """A picture as HTML needs it; `srcset` holds the sizes in the original's format."""

    url: str
    width: int | None
    height: int | None
    alt: str
    sources: tuple[Source, ...] = ()
    srcset: str = ""

    @property
    def as_decoration(self) -> "Picture":
        """The same without words, beside a link that has them."""
        return replace(self, alt="")


@dataclass(frozen=True)
class Media:
    """A chosen file: as a picture whole and in the crops there are, or as a file to download."""

    url: str
    name: str
    title: str
    mime: str
    size_bytes: int
    picture: Picture | None
    wide: Picture | None
    square: Picture | None


def media(asset: Mapping[str, Any], value: Mapping[str, Any]) -> Media:
    """Describe a file that a field chose: `asset` as the API gives it, `value` the choice with its own text."""
    alt = "" if value.get("decorative") else value.get("alt") or asset["alt"] or ""
    is_image = asset["mime"].startswith("image/")
    whole = _picture(asset, "", alt) if is_image else None
    return Media(
        url=asset["url"],
        name=asset["file_name"],
        title=asset["title"] or asset["file_name"],
        mime=asset["mime"],
        size_bytes=asset["size_bytes"],
        picture=whole,
        wide=_picture(asset, "16x9", alt) if is_image else None,
        square=_picture(asset, "1x1", alt) if is_image else None,
    )


def _picture(asset: Mapping[str, Any], crop: str, alt: str) -> Picture:
    """Choose the renditions of a crop; while there are none, those of the whole picture, or the original alone."""
    chosen = _of_crop(asset["renditions"], crop) or _of_crop(asset["renditions"], "")
    own = [each for each in chosen if each["mime"] not in FORMATS or each["mime"] == asset["mime"]]
    largest = max(own, key=_width, default=None) or {**asset, "url": asset["url"]}
    sources = [
        Source(mime, _srcset([each for each in chosen if each["mime"] == mime]))
        for mime in FORMATS
        if mime != asset["mime"] and any(each["mime"] == mime for each in chosen)
    ]
    return Picture(largest["url"], largest["width"], largest["height"], alt, tuple(sources), _srcset(own))


def _of_crop(renditions: Sequence[Mapping[str, Any]], crop: str) -> list[Mapping[str, Any]]:
    found = ((each, SPEC.fullmatch(each["spec"])) for each in renditions)
    return [each for each, match in found if match and (match["crop"] or "") == crop]


def _srcset(renditions: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(f"{each['url']} {each['width']}w" for each in sorted(renditions, key=_width))


def _width(rendition: Mapping[str, Any]) -> int:
    return int(rendition["width"])
