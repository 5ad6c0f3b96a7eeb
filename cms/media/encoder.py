"""Run the encoder for one picture and bring its files to the storage."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cms.media import storage

TIMEOUT_SECONDS = 300
_ROOT = Path(__file__).resolve().parents[2]


class EncodingFailed(Exception):
    """The picture cannot be encoded, today or tomorrow."""


class EncoderStopped(Exception):
    """The encoder ended without an answer: killed, out of time, or a bug; trying again may help."""


def encoded(
    *, hash_: str, mime: str, focal: tuple[float, float], is_animated: bool, done: Sequence[str]
) -> dict[str, Any]:
    """Make the renditions that are not in `done` (file names), and store them.

    Returns the encoder's answer: width, height, `made`. Raises EncodingFailed, EncoderStopped, storage.FileMissing.
    """
    with tempfile.TemporaryDirectory(prefix="encode-") as name:
        folder = Path(name)
        source = folder / storage.ORIGINAL
        with storage.open_file(storage.key_of(hash_)) as original, source.open("wb") as copy:
            shutil.copyfileobj(original, copy)
        request = {
            "source": str(source), "folder": name, "mime": mime, "focal": focal, "is_animated": is_animated,
            "done": list(done),
        }  # fmt: skip
        answer = _answer(request)
        for each in answer["made"]:
            with (folder / each["file_name"]).open("rb") as file:
                storage.put(storage.key_of(hash_, each["file_name"]), file)
    return answer


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "cms.media.encoding"],
            input=json.dumps(request),
            capture_output=True,
            text=True,
            cwd=_ROOT,
            env={},
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise EncoderStopped(f"The encoder took longer than {TIMEOUT_SECONDS} seconds.") from error
    if ended.returncode != 0:
        raise EncoderStopped(f"The encoder ended with {ended.returncode}. {ended.stderr.strip()[-500:]}")
    answer: dict[str, Any] = json.loads(ended.stdout)
    if "broken" in answer:
        raise EncodingFailed(answer["broken"])
    return answer
