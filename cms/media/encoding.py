"""Encode the renditions of one picture, in a process of its own: `python -m cms.media.encoding`.

Decoders of pictures are where hostile files strike. This process has a limit of memory and of time, a low priority,
and knows no secrets; when it falls, the task that started it reports so. It reads a request as JSON from its input
(source, folder, mime, focal, is_animated, done) and writes its answer as JSON.
"""

import json
import os
import resource
import sys
import warnings
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageFile, ImageOps

from cms.media.ladder import Rung, rungs

MEMORY_MAX_BYTES = 2 * 1024**3
"""Address space of the process: three copies of 50 megapixels with transparency, and what the encoders take."""
PIXELS_MAX = 50_000_000
NICENESS = 10
OPENERS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP", "image/avif": "AVIF"}
SAVERS: dict[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"quality": 60, "speed": 9, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 80, "method": 4}),
    "jpg": ("JPEG", {"quality": 82, "optimize": True, "progressive": True}),
    "png": ("PNG", {}),
}
"""Pillow's name and options by ending. What is not passed is not written: no EXIF, no comments, no place names.

AVIF at speed 9 takes a fifth of the time of speed 6, for files half as large again and still smaller than WebP.
"""


class PictureBroken(Exception):
    """The picture cannot be decoded."""


def encode(
    *, source: Path, folder: Path, mime: str, focal: tuple[float, float], is_animated: bool, done: set[str]
) -> dict[str, Any]:
    """Write the renditions whose file names are not in `done` into `folder`.

    Returns width and height of the upright original, and `made`: spec, focal_key, width, height, size_bytes, file_name.
    Raises PictureBroken.
    """
    try:
        picture = upright(source, mime)
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError, Warning) as error:
        raise PictureBroken(str(error)) from error
    wanted = rungs(width=picture.width, height=picture.height, mime=mime, focal=focal, is_animated=is_animated)
    lacking = [rung for rung in wanted if rung.file_name not in done]
    made: list[dict[str, Any]] = []
    for _, same_size in groupby(lacking, key=lambda rung: (rung.box, rung.width)):
        made += _written(picture, list(same_size), folder)
    return {"width": picture.width, "height": picture.height, "made": made}


def upright(source: Path, mime: str) -> Image.Image:
    """Open a picture as people see it: its first frame, turned as its EXIF says, in sRGB."""
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(source, formats=[OPENERS[mime]]) as opened:
            opened.load()
            turned = ImageOps.exif_transpose(opened)
    return _in_srgb(turned)


def _in_srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith("I"):  # 16 bits of gray: convert() would cut off instead of scaling.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        converted = _converted(picture, profile, mode)
        if converted is not None:
            return converted
    return picture.convert(mode)


def _converted(picture: Image.Image, profile: bytes, mode: str) -> Image.Image | None:
    """Convert by the embedded profile; None for one that cannot be used, so that the picture passes as it is."""
    try:
        return ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _written(picture: Image.Image, same_size: list[Rung], folder: Path) -> list[dict[str, Any]]:
    """Scale once, and save in each format."""
    first = same_size[0]
    scaled = picture.resize((first.width, first.height), Image.Resampling.LANCZOS, box=first.box, reducing_gap=3.0)
    scaled.info.clear()
    return [_saved(scaled, rung, folder / rung.file_name) for rung in same_size]


def _saved(scaled: Image.Image, rung: Rung, target: Path) -> dict[str, Any]:
    name, options = SAVERS[rung.format]
    scaled.save(target, name, **options)
    return {
        "spec": rung.spec,
        "focal_key": rung.focal_key,
        "width": rung.width,
        "height": rung.height,
        "size_bytes": target.stat().st_size,
        "file_name": rung.file_name,
    }


def main() -> None:
    """Answer one request, within the limits."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    os.nice(NICENESS)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    request = json.load(sys.stdin)
    try:
        answer = encode(
            source=Path(request["source"]),
            folder=Path(request["folder"]),
            mime=request["mime"],
            focal=(request["focal"][0], request["focal"][1]),
            is_animated=request["is_animated"],
            done=set(request["done"]),
        )
    except PictureBroken as error:
        answer = {"broken": str(error)}
    except MemoryError:
        answer = {"broken": "it takes too much memory"}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
