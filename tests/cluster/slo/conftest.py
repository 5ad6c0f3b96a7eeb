"""The product as it runs in a region: web, worker, ops process and a standby; and a Prometheus that looks on."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from reliability.lab import processes
from reliability.lab.cluster import Cluster, cluster
from reliability.lab.monitoring import Prometheus, prometheus
from reliability.lab.servers import redis, temporary_folder
from reliability.slo import vocabulary, writing
from reliability.slo.windows import Scale
from tests.integration.slo.site import Site, site
from tests.waiting import wait_until

REGION = "eu-west"
COMPRESS = Scale(20)
"""So that the shortest window of the rules has several scrapes in it, and nobody waits for minutes."""
SCRAPE = "4s"
"""Also how long a scrape may take, on a machine that does other things too."""


@dataclass
class Region:
    """A region under load, and who watches it."""

    site: Site
    nodes: Cluster
    prometheus: Prometheus

    def troubles(self) -> str:
        """Tell what hinders Prometheus, and what the processes of the site wrote last."""
        targets = httpx.get(f"{self.prometheus.url}/api/v1/targets", timeout=10).json()["data"]["activeTargets"]
        errors = [each["lastError"] for each in targets if each["lastError"]]
        return "\n".join(
            [*errors, *(f"{name}: {self.site.log(name)[-500:]}" for name in ("web", "ops", "worker", "work"))]
        )

    def ask(self, expression: str, *, seconds: int = 120) -> list[dict[str, Any]]:
        """Ask for the last minutes, as a panel does. A question that Prometheus refuses fails."""
        now = datetime.now(tz=UTC)
        times = {"start": (now - timedelta(seconds=seconds)).timestamp(), "end": now.timestamp(), "step": 2}
        answer = httpx.get(
            f"{self.prometheus.url}/api/v1/query_range", params={"query": expression, **times}, timeout=10
        ).json()
        assert answer["status"] == "success", f"{expression}: {answer}"
        found: list[dict[str, Any]] = answer["data"]["result"]
        return found


@pytest.fixture(scope="module")
def region() -> Iterator[Region]:
    """Start all of it, with content; ends with the module."""
    with ExitStack() as stack:
        nodes = stack.enter_context(cluster(regions={"us-1": "us-east", "eu-1": REGION}))
        queue = stack.enter_context(redis())
        folder = stack.enter_context(temporary_folder("slo"))
        ops = processes.free_port()
        variables = {
            **nodes.environment(region=REGION),
            "CMS_REDIS_URL": queue.url,
            "CMS_STATE_DIR": str(folder / "state"),
        }
        made = stack.enter_context(site(folder, CMS_REQUEST_SLOTS="4", **variables))
        made.manage("migrate", "--verbosity=0", "--no-input")
        made.manage("shell", "--verbosity=0", "-c", "from tests.cluster.slo import seed; seed.fill()")
        nodes.wait_until_caught_up()
        made.serve()
        made.start(["-m", "celery", "-A", "cms.config.celery", "worker", "--pool=solo", "--loglevel=WARNING"], "worker")
        made.start(["manage.py", "ops", "--port", str(ops)], "ops")
        wait_until(lambda: _is_up(ops), or_show=lambda: made.log("ops"))
        watching = stack.enter_context(prometheus(scraping(ops, folder)))
        yield Region(made, nodes, watching)


def scraping(port: int, folder: Path) -> str:
    """Scrape the ops process, with labels as in production, and evaluate the generated rules."""
    files = writing.files(vocabulary.catalogue(), COMPRESS)
    for name in (writing.OBJECTIVES, writing.STANDING):
        (folder / Path(name).name).write_text(files[name])
    target = {"targets": [f"127.0.0.1:{port}"], "labels": {"region": REGION, "release": "1.0.0"}}
    configuration = {
        "global": {"scrape_interval": SCRAPE, "scrape_timeout": SCRAPE, "evaluation_interval": SCRAPE},
        "rule_files": [str(folder / Path(name).name) for name in (writing.OBJECTIVES, writing.STANDING)],
        "scrape_configs": [{"job_name": "cms", "static_configs": [target]}],
    }
    return yaml.safe_dump(configuration)


def _is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
