"""How does the disk of a node become full? A part of its data folder moves to a small file system, and a file fills it.

with small_disk(size_bytes=96 * MIB) as disk:
    disk.take_over(node, part="pg_wal")
    disk.fill()
    ...
    disk.make_room()
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reliability.lab import processes
from reliability.lab.node import Node

MIB = 1024 * 1024
PIECE = bytes(64 * 1024)


class MountRefused(Exception):
    """This process may mount no file system (it takes root, and a system that lets it); the message says why."""


class Disk:
    """A small file system."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take_over(self, node: Node, *, part: str) -> None:
        """Move a part of a node's data folder (`pg_wal`, `base`) onto this disk; the node is restarted for it."""
        node.shut_down()
        here, there = node.data / part, self.folder / part
        processes.run(["cp", "-a", str(here), str(there)])
        shutil.rmtree(here)
        here.symlink_to(there)
        node.start()

    def fill(self) -> None:
        """Take all the space that is left."""
        with self._filler.open("ab", buffering=0) as file:
            try:
                while file.write(PIECE):
                    continue
            except OSError as full:
                if not self._is_full:
                    raise full

    def make_room(self) -> None:
        """Give back what `fill` took."""
        self._filler.unlink()

    @property
    def _filler(self) -> Path:
        return self.folder / "filler"

    @property
    def _is_full(self) -> bool:
        return os.statvfs(self.folder).f_bavail == 0


@contextmanager
def small_disk(*, size_bytes: int) -> Iterator[Disk]:
    """Give an empty disk of this size, in memory, and remove it at the end, when nothing uses it any more.

    Raises MountRefused.
    """
    folder = Path(tempfile.mkdtemp(prefix="upgrade-cms-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size_bytes},mode=755", "tmpfs", str(folder)]
    try:
        answer = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError as missing:
        answer = subprocess.CompletedProcess(mount, 1, stderr=str(missing))
    try:
        if answer.returncode:
            raise MountRefused(answer.stderr.strip())
        try:
            yield Disk(folder)
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
    finally:
        folder.rmdir()
