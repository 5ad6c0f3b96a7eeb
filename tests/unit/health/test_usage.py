"""The CPU of an instance is a sum that never falls, whichever of its processes end."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from reliability.health.usage import Usage, UsageCollector, own

BURN = "import time\nwhile time.process_time() < 0.3: pass\nprint('done', flush=True)\ntime.sleep(600)"


@contextmanager
def burned() -> Iterator["subprocess.Popen[str]"]:
    """Give a process that has used 0.3 s of CPU."""
    with subprocess.Popen([sys.executable, "-c", BURN], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield process
        finally:
            process.kill()


def test_what_an_ended_process_used_stays_in_the_sum() -> None:
    members: list[tuple[str, int]] = []
    used = Usage(lambda: members)
    with burned() as process:
        members.append(("worker", process.pid))
        used.look()
    members.clear()

    with burned() as process:
        members.append(("worker", process.pid))
        used.look()
        assert used.cpu_seconds()["worker"] > 0.45  # One alone has 0.3; the system counts in hundredths.
        assert len(used.roles()["worker"].resident_bytes) == 1


def test_memory_and_files_are_given_as_a_sum_and_as_the_largest() -> None:
    with burned() as process:
        collector = UsageCollector(Usage(lambda: [own("web"), ("web", process.pid)]))
        found = {(s.name, s.labels["agg"]): s.value for metric in collector.collect() for s in metric.samples}

    largest, total = found["process_resident_memory_bytes", "max"], found["process_resident_memory_bytes", "sum"]
    assert 0 < largest < total < 2 * largest
    assert found["process_open_fds", "max"] < found["process_open_fds", "sum"]
    assert 0 < found["process_memory_limit_ratio", "sum"] < 1
