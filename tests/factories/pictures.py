"""Files to upload, made in memory."""

import io
import zipfile
from typing import Any

from PIL import Image, ImageDraw

HARMLESS_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30"><rect width="40" height="30"/></svg>'


def picture(
    file_format: str = "PNG", size: tuple[int, int] = (700, 500), *, mode: str = "RGB", **options: Any
) -> io.BytesIO:
    """Make a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1]), fill="red")
    file = io.BytesIO()
    image.convert(mode).save(file, file_format, **options)
    file.seek(0)
    return file


def animation(file_format: str = "GIF", *, frames: int = 3, size: tuple[int, int] = (400, 300)) -> io.BytesIO:
    """Make an animated picture; each frame has its own shade."""
    images = [Image.new("RGB", size, (each * 50 % 256, each // 5, 90)) for each in range(frames)]
    file = io.BytesIO()
    images[0].save(file, file_format, save_all=True, append_images=images[1:], duration=100)
    file.seek(0)
    return file


def archive(*members: tuple[str, str]) -> io.BytesIO:
    """Make a ZIP file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as target:
        for name, text in members:
            target.writestr(name, text)
    file.seek(0)
    return file
