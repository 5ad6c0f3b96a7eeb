"""Is there room where processes keep heartbeats and numbers? A page that cannot be written there kills its process."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from reliability.health import configuration
from reliability.telemetry.probe import Probe, Result
from reliability.telemetry.process import shared_folder

MOUNT_SHARE, DISK_SHARE = 0.5, 0.95
"""From which share in use it warns: half of a mount of its own, which only this site fills, or of a disk of many."""


class FoldersProbe(Probe):
    """Warns when the folder of the heartbeats or that of the metrics is filling up."""

    name = "state"
    interval = 10.0

    def __call__(self) -> Result:
        shares = [(used_share(folder), limit_of(folder)) for folder in _folders()]
        is_full = any(used > limit for used, limit in shares)
        return Result("warn" if is_full else "pass", max((used for used, _ in shares), default=0.0), "share in use")


def used_share(folder: Path) -> float:
    """Tell which share of its file system is in use, in bytes or in files."""
    room = shutil.disk_usage(folder)
    files = os.statvfs(folder)
    of_files = 1 - files.f_ffree / files.f_files if files.f_files else 0.0
    return max(room.used / room.total if room.total else 0.0, of_files)


def limit_of(folder: Path) -> float:
    """Choose the share from which to warn."""
    return MOUNT_SHARE if folder.is_mount() else DISK_SHARE


def _folders() -> Iterable[Path]:
    return [each for each in (configuration.state_dir(), shared_folder()) if each is not None and each.is_dir()]


folders = FoldersProbe()
