"""A task worker, each of its children and the clock show that they live, as web processes do."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reliability.lab.servers import redis
from tests.cluster.health.running import Instance, instance
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their servers along: once is enough.
CELERY = (sys.executable, "-m", "celery", "--app", "cms.config.celery")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Instance]:
    with redis() as queue, instance(tmp_path, CMS_REDIS_URL=queue.url) as made:
        made.manage("migrate", "-v0")
        yield made


def test_a_worker_that_stands_still_with_its_children_is_dead(site: Instance) -> None:
    worker = site.start("worker", *CELERY, "worker", "--concurrency=1", "--loglevel=WARNING")
    site.start_ops()
    site.wait_until("/readyz", 200)
    wait_until(lambda: roles(site) == ["worker", "worker"], or_show=site.logs)

    os.killpg(worker.pid, signal.SIGSTOP)
    site.wait_until("/livez", 503)

    os.killpg(worker.pid, signal.SIGCONT)
    site.wait_until("/livez", 200)
    site.wait_until("/readyz", 200)


def test_the_clock_shows_that_it_lives(site: Instance) -> None:
    site.start("beat", *CELERY, "beat", "--scheduler=celery.beat:Scheduler", "--pidfile=", "--loglevel=WARNING")
    site.start_ops()

    site.wait_until("/readyz", 200)

    assert roles(site) == ["beat"]


def roles(site: Instance) -> list[str]:
    return [each["role"] for each in site.ops("/readyz?verbose=1")[1]["processes"] if each["alive"]]
