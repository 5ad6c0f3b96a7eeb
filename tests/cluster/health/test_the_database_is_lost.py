"""A database that hangs for half a minute restarts nothing, and takes nothing out of service but the region.

The promise is ten minutes; what it rests on does not change after the first half of one. Bounds are generous, for the
machine may be busy: `make bench BENCH=health` measures.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reliability.lab.binaries import BinaryMissing
from reliability.lab.links import Link, network
from reliability.lab.servers import postgres
from tests.cluster.health.running import SLOW, Instance, instance
from tests.plugin import is_required
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.
OUTAGE_SECONDS = 33
SLOTS = 4


@pytest.fixture(scope="module")
def link() -> Iterator[Link]:
    try:
        with postgres(options={"fsync": "off"}) as server, network() as links:
            yield links.open(target=server.port)
    except BinaryMissing as missing:
        if is_required():
            raise
        pytest.skip(str(missing))


@pytest.fixture
def site(link: Link, tmp_path: Path) -> Iterator[Instance]:
    url = f"postgres://cms@127.0.0.1:{link.port}/cms"
    with instance(tmp_path, CMS_DATABASE_URL=url, CMS_REQUEST_SLOTS=str(SLOTS), CMS_HEALTH_TOKEN="secret") as made:
        yield made
    link.heal()


def test_an_outage_is_seen_and_kills_nobody(site: Instance, link: Link, tmp_path: Path) -> None:
    site.manage("migrate", "-v0")
    site.start_web(SLOW)
    site.start_ops()
    site.wait_until("/readyz", 200)
    wait_until(lambda: site.ops("/readyz")[1] == {"status": "pass"}, or_show=site.logs)
    workers = site.workers()

    with ThreadPoolExecutor(SLOTS) as pool:
        stays = [pool.submit(site.web, f"/stay{tmp_path}/go", timeout=120) for _ in range(SLOTS)]
        lost_at = black_hole(site, link)
        seen_after = wait_for_reads(site, "fail") - lost_at
        slowest = watch(site, until=lost_at + OUTAGE_SECONDS)
        region = site.ops("/regionz")
        busy = site.web("/api/v1/types/")
        details = site.web("/readyz?verbose=1", Authorization="Bearer secret")
        restored_at = time.monotonic()
        link.heal()
        recovered_after = wait_for_reads(site, "pass") - restored_at
        (tmp_path / "go").touch()
        answers = [stay.result()[0] for stay in stays]

    assert site.workers() == workers
    assert answers == [200] * SLOTS
    assert busy[0] == 503
    assert busy[1]["type"] == "/problems/busy"
    assert region == (503, {"status": "fail", "reasons": ["reads has failed for 30 s"]})
    assert details[1]["checks"]["reads"][0]["status"] == "fail"
    wait_until(lambda: site.status("/regionz") == 200)
    print(
        f"seen after {seen_after:.2f} s, recovery after {recovered_after:.2f} s, slowest probe {slowest * 1000:.1f} ms"
    )
    assert seen_after < 15
    assert recovered_after < 10
    assert slowest < 2


def black_hole(site: Instance, link: Link) -> float:
    wait_until(lambda: "limits_slots_in_use 4.0" in site.ops("/metrics")[1], or_show=site.logs)
    link.blackhole()
    return time.monotonic()


def wait_for_reads(site: Instance, status: str) -> float:
    """Wait until the probe of reads has this status; gives the moment."""
    wait_until(lambda: site.ops("/readyz?verbose=1")[1]["checks"]["reads"][0]["status"] == status, or_show=site.logs)
    return time.monotonic()


def watch(site: Instance, *, until: float) -> float:
    """Ask for life and readiness until then, neither of which may waver; gives the time of the slowest answer."""
    slowest = 0.0
    while time.monotonic() < until:
        for path in ("/livez", "/readyz", "/startupz"):
            began = time.monotonic()
            status, body = site.ops(path)
            slowest = max(slowest, time.monotonic() - began)
            assert status == 200, (path, body)
        time.sleep(0.1)
    assert site.web("/livez")[0] == 200  # Also on the main port, where all slots are taken.
    return slowest


def test_a_start_without_a_database_says_what_it_waits_for_and_goes_on_when_it_is_there(
    site: Instance, link: Link
) -> None:
    site.manage("migrate", "-v0")
    link.refuse()
    site.start_web()
    site.start_ops()

    wait_until(lambda: waits(site) == ["waits for probe reads (fail)"], or_show=site.logs)
    assert site.status("/startupz") == 503
    assert site.status("/readyz") == 503
    assert site.status("/livez") == 200

    link.heal()
    site.wait_until("/startupz", 200)
    site.wait_until("/readyz", 200)


def waits(site: Instance) -> list[str]:
    try:
        reasons: list[str] = site.ops("/startupz")[1].get("reasons", [])
    except OSError:
        return []
    return reasons
