"""How much CPU and memory do the processes of this instance use? Read from the system, for the libraries of several
processes cannot know it of each other.
"""

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from prometheus_client import REGISTRY
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import PROCESS_COLLECTOR

CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))
UNLIMITED_BYTES = 1 << 60
"""Above it a limit of version 1 of cgroups means none."""
Member = tuple[str, int]
"""Role and process id."""


Key = tuple[str, int, float]
"""Role, process id and time of birth: the number alone is given to a later process again."""


@dataclass(slots=True)
class Role:
    """What the processes of one role use now, one number for each."""

    resident_bytes: list[int] = field(default_factory=list)
    open_files: list[int] = field(default_factory=list)


class Usage:
    """Adds up what processes use. What those used that have ended since stays in the sum, so that it never falls."""

    def __init__(self, members: Callable[[], Iterable[Member]]) -> None:
        self._members = members
        self._lock = threading.Lock()
        self._cpu: dict[Key, float] = {}
        self._ended: defaultdict[str, float] = defaultdict(float)
        """CPU seconds of processes that are gone, by role."""
        self._roles: dict[str, Role] = {}

    def look(self) -> None:
        """Read the use of every process that lives; call it often, for what a process uses after the last look is lost
        when it ends.
        """
        roles: defaultdict[str, Role] = defaultdict(Role)
        with self._lock:
            for role, pid in self._members():
                with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                    self._read(role, psutil.Process(pid), roles[role])
            self._bury()
            self._roles = dict(roles)

    def cpu_seconds(self) -> dict[str, float]:
        """Give the CPU seconds of each role, of processes that have ended too."""
        with self._lock:
            sums = self._ended.copy()
            for (role, _, _), seconds in self._cpu.items():
                sums[role] += seconds
        return dict(sums)

    def roles(self) -> dict[str, Role]:
        """Give memory and open files of the processes that lived at the last look."""
        return self._roles

    def _read(self, role: str, process: psutil.Process, found: Role) -> None:
        with process.oneshot():
            times = process.cpu_times()
            self._cpu[role, process.pid, process.create_time()] = times.user + times.system
            found.resident_bytes.append(process.memory_info().rss)
            found.open_files.append(process.num_fds())

    def _bury(self) -> None:
        for key in [key for key in self._cpu if not psutil.pid_exists(key[1])]:
            self._ended[key[0]] += self._cpu.pop(key)


class UsageCollector:
    """Shows the use as metrics, in place of the library's own of a single process, which have the same names."""

    def __init__(self, usage: Usage) -> None:
        self._usage = usage

    def collect(self) -> Iterator[Metric]:
        self._usage.look()
        labels = ["role", "agg"]
        cpu = CounterMetricFamily("process_cpu_seconds", "CPU used by processes, also ended ones.", labels=labels)
        resident = GaugeMetricFamily("process_resident_memory_bytes", "Memory in use.", labels=labels)
        files = GaugeMetricFamily("process_open_fds", "Open files and connections.", labels=labels)
        ratio = GaugeMetricFamily("process_memory_limit_ratio", "Memory in use, of the limit.", labels=labels)
        limit = memory_limit_bytes()
        for role, seconds in self._usage.cpu_seconds().items():
            cpu.add_metric([role, "sum"], seconds)
        for role, found in self._usage.roles().items():
            for agg, choose in (("sum", sum), ("max", max)):
                resident.add_metric([role, agg], choose(found.resident_bytes or [0]))
                files.add_metric([role, agg], choose(found.open_files or [0]))
                ratio.add_metric([role, agg], choose(found.resident_bytes or [0]) / limit)
        yield from (cpu, resident, files, ratio)


def show(usage: Usage) -> None:
    """Put the numbers into the registry of this process, instead of those of this process alone."""
    with suppress(KeyError):
        REGISTRY.unregister(PROCESS_COLLECTOR)
    REGISTRY.register(UsageCollector(usage))


def memory_limit_bytes() -> int:
    """Give the memory that this container may use, or the machine has."""
    for path in CGROUP_LIMITS:
        with suppress(OSError, ValueError):
            limit = int(path.read_text())  # "max" is none
            if limit < UNLIMITED_BYTES:
                return limit
    return psutil.virtual_memory().total


def own(role: str) -> Member:
    """Give this process as a member."""
    return role, os.getpid()
