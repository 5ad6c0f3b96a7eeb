"""How much CPU did a server and its children use? Read from /proc, children that have ended included."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(*pids: int) -> float:
    """Add up user and system time of processes and all their descendants, in seconds; each process counts once."""
    children: dict[int, list[int]] = {}
    used: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            pid = int(entry.name)
            children.setdefault(int(fields[1]), []).append(pid)
            used[pid] = sum(int(field) for field in fields[11:15])
    family, waiting = set(), list(pids)
    while waiting:
        pid = waiting.pop()
        if pid not in family:  # The database may be a descendant of the client that is named beside it.
            family.add(pid)
            waiting += children.get(pid, [])
    return sum(used.get(pid, 0) for pid in family) / TICKS
