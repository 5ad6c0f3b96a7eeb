"""What an instance says of its processes: standing still, ending, killed, and what they use."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from reliability.lab import processes
from tests.cluster.health.running import ROOT, Instance, instance
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.


@pytest.fixture(scope="module")
def _lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    with instance(tmp_path_factory.mktemp("site"), CMS_WEB_WORKERS="2") as made:
        made.manage("migrate", "-v0")
        made.start_web()
        made.start_ops()
        yield made


@pytest.fixture
def site(_lasting: Instance) -> Instance:
    """Give a site with two web processes and an ops process, ready; a test may end its workers."""
    _lasting.wait_until("/readyz", 200)
    wait_until(lambda: sorted(alive(_lasting)) == sorted(_lasting.workers()), or_show=_lasting.logs)
    wait_until(lambda: len(_lasting.workers()) == 2, or_show=_lasting.logs)
    return _lasting


def alive(site: Instance) -> list[int]:
    return [each["pid"] for each in site.ops("/readyz?verbose=1")[1]["processes"] if each["alive"]]


def test_an_instance_is_dead_only_when_all_its_processes_stand_still(site: Instance) -> None:
    first, second = site.workers()

    os.kill(first, signal.SIGSTOP)
    wait_until(lambda: alive(site) == [second], or_show=site.logs)
    assert site.status("/livez") == 200
    assert site.status("/readyz") == 200

    os.kill(second, signal.SIGSTOP)
    site.wait_until("/livez", 503)
    assert site.ops("/livez")[1]["reasons"] == ["no process has shown a heartbeat for 5 s"]

    for pid in (first, second):
        os.kill(pid, signal.SIGCONT)
    site.wait_until("/livez", 200)


def test_an_instance_that_ends_takes_no_more_requests_and_says_so(site: Instance) -> None:
    for pid in site.workers():
        os.kill(pid, signal.SIGTERM)

    site.wait_until("/readyz", 503)
    assert site.status("/startupz") == 200  # What was started once stays so.


def test_a_worker_that_is_killed_leaves_its_cpu_in_the_sum_and_its_gauges_nowhere(site: Instance) -> None:
    for _ in range(20):
        site.web("/api/v1/types/")
    before, victim = cpu_of(site), site.workers()[0]

    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: victim not in site.workers() and len(site.workers()) == 2)
    wait_until(lambda: len(alive(site)) == 2, or_show=site.logs)

    assert cpu_of(site) >= before
    wait_until(lambda: not list((site.folder / "metrics").glob(f"gauge_live*_{victim}.db")))


def test_metrics_tell_of_each_role_and_name_no_series_twice(site: Instance) -> None:
    site.web("/api/v1/types/")

    status, text = site.ops("/metrics")

    series = [line.rpartition(" ")[0] for line in text.splitlines() if line and not line.startswith("#")]
    families = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")]
    assert status == 200
    assert len(series) == len(set(series))
    assert len(families) == len(set(families))
    assert not any("pid=" in each for each in series if not each.startswith("django_"))
    for name in ("process_resident_memory_bytes", "process_open_fds", "process_memory_limit_ratio"):
        assert {f'{name}{{agg="{agg}",role="{role}"}}' for agg in ("sum", "max") for role in ("web", "ops")} <= set(
            series
        )
    assert 'health_probe_status{probe="database",scope="shared"}' in series
    assert 'limits_rate_total{outcome="allowed",policy="api"}' in series


def test_migrations_are_counted_by_the_ops_process(site: Instance) -> None:
    wait_until(lambda: 'django_migrations_unapplied_total{connection="default"} 0.0' in site.ops("/metrics")[1])


def test_an_ops_process_that_is_killed_is_started_again(tmp_path: Path) -> None:
    with instance(tmp_path) as site:
        site.manage("migrate", "-v0")
        entrypoint = site.start("entrypoint", str(ROOT / "docker" / "entrypoint"), "web")
        site.wait_until("/readyz", 200)
        ops = next(pid for pid in family(entrypoint.pid) if "ops" in command_of(pid))

        os.kill(ops, signal.SIGKILL)

        wait_until(lambda: site.status("/readyz") == 0 or not is_running(ops))
        site.wait_until("/readyz", 200)
        assert site.web("/livez")[0] == 200


def test_a_port_in_use_is_named_with_the_fix(site: Instance) -> None:
    with pytest.raises(processes.CommandFailed, match=r"is in use; set CMS_OPS_PORT to another one"):
        site.manage("ops")


def cpu_of(site: Instance) -> float:
    found = re.search(r'process_cpu_seconds_total\{agg="sum",role="web"\} (\S+)', site.ops("/metrics")[1])
    assert found is not None
    return float(found[1])


def family(pid: int) -> list[int]:
    children = processes.children(pid)
    return children + [each for child in children for each in family(child)]


def command_of(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def is_running(pid: int) -> bool:
    return bool(command_of(pid))
