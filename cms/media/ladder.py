"""Which renditions is a picture offered in, and what are they called? Pure: dimensions in, a list out."""

import re
from dataclasses import dataclass
from typing import Any

WIDTHS = (320, 640, 960, 1280, 1920)
CROPS: dict[str, tuple[int, int]] = {"16x9": (16, 9), "1x1": (1, 1)}
"""Shapes besides the whole picture, cut around the focal point: name and proportion."""
FALLBACKS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "png"}
"""The format for browsers that know neither AVIF nor WebP, by that of the original (a still GIF gains by PNG)."""
MIMES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg", "png": "image/png"}
POSTER = "w320.webp"
"""The one rendition of an animated picture, a still for lists; it is not in the ladder, which would stop the film."""
FILE_NAME = re.compile(r"(?:(?:16x9|1x1)-)?w[1-9][0-9]{0,4}(?:-x[0-9]{1,3}y[0-9]{1,3})?\.(?P<format>avif|webp|jpg|png)")
_SPEC = re.compile(r"(?:(?P<crop>16x9|1x1)-)?w(?P<width>\d+)\.(?P<format>\w+)")


@dataclass(frozen=True)
class Rung:
    """One rendition to make: `box` (left, upper, right, lower) of the upright original, scaled to width x height."""

    spec: str
    focal_key: str
    width: int
    height: int
    box: tuple[int, int, int, int]

    @property
    def file_name(self) -> str:
        return file_name(self.spec, self.focal_key)

    @property
    def format(self) -> str:
        return self.spec.rpartition(".")[2]


def rungs(*, width: int, height: int, mime: str, focal: tuple[float, float], is_animated: bool = False) -> list[Rung]:
    """List the renditions of a picture of that size, upright, in pixels; nothing is ever enlarged.

    Widths above that of the picture (or of the crop) are left out; a picture narrower than all gets its own width.
    """
    whole = (0, 0, width, height)
    if is_animated:
        poster = min(width, 320)
        return [Rung(POSTER, "", poster, _scaled(height, poster, width), whole)]
    made = _shape("", "", whole, mime)
    for crop, proportion in CROPS.items():
        made += _shape(f"{crop}-", focal_key(focal), crop_box(width, height, proportion, focal), mime)
    return sorted(made, key=lambda rung: (rung.width, rung.height, rung.box))


def crop_box(
    width: int, height: int, proportion: tuple[int, int], focal: tuple[float, float]
) -> tuple[int, int, int, int]:
    """Place the largest box of a proportion so that the focal point is as near to its middle as the edges allow."""
    across, down = proportion
    box_width = min(width, max(1, round(height * across / down)))
    box_height = min(height, max(1, round(width * down / across)))
    left = _clamped(_percent(focal[0]) / 100 * width - box_width / 2, width - box_width)
    upper = _clamped(_percent(focal[1]) / 100 * height - box_height / 2, height - box_height)
    return left, upper, left + box_width, upper + box_height


def focal_key(focal: tuple[float, float]) -> str:
    """Name a focal point in whole percent, such as x50y33."""
    return f"x{_percent(focal[0])}y{_percent(focal[1])}"


def file_name(spec: str, focal_key: str) -> str:
    """Build the last part of a rendition's address, such as 16x9-w960-x50y33.webp."""
    stem, _, ending = spec.rpartition(".")
    return f"{stem}-{focal_key}.{ending}" if focal_key else spec


def url(hash_: str, name: str) -> str:
    """Build the address of an original or a rendition."""
    return f"/media/{hash_}/{name}"


def entry(*, hash_: str, spec: str, focal_key: str, width: int, height: int, size_bytes: int) -> dict[str, Any]:
    """Describe a rendition that is ready, as the API lists it; `crop` is null for the whole picture."""
    found = _SPEC.fullmatch(spec)
    assert found is not None, spec
    return {
        "spec": spec,
        "width": width,
        "height": height,
        "mime": MIMES[found["format"]],
        "url": url(hash_, file_name(spec, focal_key)),
        "size_bytes": size_bytes,
        "crop": found["crop"],
    }


def sort_key(entry: dict[str, Any]) -> tuple[Any, ...]:
    """Order a ladder: smallest first, and of one size the best format first."""
    return entry["width"], entry["height"], entry["crop"] or "", list(MIMES.values()).index(entry["mime"])


def _shape(prefix: str, key: str, box: tuple[int, int, int, int], mime: str) -> list[Rung]:
    width, height = box[2] - box[0], box[3] - box[1]
    widths = [each for each in WIDTHS if each <= width] or [width]
    return [
        Rung(f"{prefix}w{each}.{ending}", key, each, _scaled(height, each, width), box)
        for each in widths
        for ending in _formats(mime)
    ]


def _formats(mime: str) -> list[str]:
    return ["avif", "webp", *([FALLBACKS[mime]] if mime in FALLBACKS else [])]


def _scaled(length: int, numerator: int, denominator: int) -> int:
    return max(1, round(length * numerator / denominator))


def _percent(share: float) -> int:
    return round(share * 100)


def _clamped(value: float, highest: int) -> int:
    return max(0, min(highest, round(value)))
