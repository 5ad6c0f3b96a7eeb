"""Without Redis a site is as ready as before: it says so as a warning, and counts requests by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reliability.lab.links import Link, network
from reliability.lab.servers import redis
from tests.cluster.health.running import Instance, instance
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their servers along: once is enough.


@pytest.fixture
def link() -> Iterator[Link]:
    with redis() as queue, network() as links:
        yield links.open(target=queue.port)


@pytest.fixture
def site(link: Link, tmp_path: Path) -> Iterator[Instance]:
    with instance(tmp_path, CMS_REDIS_URL=f"redis://127.0.0.1:{link.port}/0") as made:
        made.manage("migrate", "-v0")
        yield made


def test_a_lost_redis_is_a_warning_and_requests_are_answered(site: Instance, link: Link) -> None:
    site.start_web()
    site.start_ops()
    wait_until(
        lambda: site.status("/readyz") == 200 and site.ops("/readyz")[1] == {"status": "pass"}, or_show=site.logs
    )

    link.blackhole()

    wait_until(lambda: site.ops("/readyz")[1] == {"status": "warn"}, or_show=site.logs)
    assert site.status("/regionz") == 200
    assert site.web("/api/v1/types/")[0] == 200
    assert "limits_rate_fallbacks_total 1.0" in site.ops("/metrics")[1]
    link.heal()
    wait_until(lambda: site.ops("/readyz")[1] == {"status": "pass"}, or_show=site.logs)
