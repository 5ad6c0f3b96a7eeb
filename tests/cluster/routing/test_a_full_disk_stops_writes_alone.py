"""The disk of the primary is full: everything is read, writes are refused, and they come back when there is room.

Tables that cannot grow refuse one write after the other (53100). A log that cannot grow ends the server (PANIC).
"""

import itertools
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import psycopg
import pytest

from reliability.lab.cluster import Cluster
from reliability.lab.disks import MIB, Disk, MountRefused, small_disk
from reliability.lab.node import Node
from tests.cluster.routing.bare import VIEWS, Project
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.

SIZES = {"base": 96 * MIB, "pg_wal": 128 * MIB}
REFUSED, UNKNOWN = "/problems/read-only", "/problems/commit-unknown"
WRITERS = 3
"""Beside the test itself: the site has four threads."""
REFUSALS = 5
URLS = """
from bare.views import urlpatterns
from django.http import JsonResponse
from django.urls import path
from django.utils.crypto import get_random_string

def visit(request):
    request.session["baggage"] = get_random_string(50_000)
    return JsonResponse({})

urlpatterns = [*urlpatterns, path("visit/", visit)]
"""
SETTINGS = """
ROUTING["WRITE_HOLD_SECONDS"] = 0.5
SESSION_ENGINE = "reliability.routing.sessions"
"""


class Writers:
    """People who write all the time; what they were told."""

    def __init__(self, base_url: httpx.URL) -> None:
        self.acknowledged: set[str] = set()
        self.answers: list[httpx.Response] = []
        self._base_url = base_url
        self._numbers = itertools.count()
        self._stop = threading.Event()

    @property
    def refused(self) -> list[httpx.Response]:
        return [answer for answer in self.answers if answer.status_code != 200]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._write) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _write(self) -> None:
        with httpx.Client(base_url=self._base_url, timeout=30) as client:
            while not self._stop.wait(0.01):
                name = f"{next(self._numbers):06}".ljust(150, "x")
                answer = client.post("/write/", data={"name": name})
                if answer.status_code == 200:
                    self.acknowledged.add(name)
                self.answers.append(answer)


@pytest.fixture(params=SIZES)
def part(request: pytest.FixtureRequest) -> str:
    """Name the part of the data folder that is on the small disk."""
    name: str = request.param
    return name


@pytest.fixture
def disk(part: str) -> Iterator[Disk]:
    try:
        with small_disk(size_bytes=SIZES[part]) as disk:
            yield disk
    except MountRefused as refused:
        pytest.skip(f"no small disk can be mounted here: {refused}")


@pytest.fixture
def nodes(disk: Disk, part: str, broken_cluster: Cluster) -> Iterator[Cluster]:
    """Give a cluster whose primary has this part on the small disk."""
    disk.take_over(broken_cluster["us-1"], part=part)
    broken_cluster.wait_until_streaming()
    yield broken_cluster
    broken_cluster.stop()


def test_a_full_disk_refuses_writes_and_nothing_else(nodes: Cluster, disk: Disk, part: str, tmp_path: Path) -> None:
    project = Project(tmp_path, nodes, more=SETTINGS, modules={"views.py": VIEWS, "urls.py": URLS})
    project.manage("migrate", "--verbosity=0")
    with project.served() as client:
        client.get("/names/")
        wait_until(lambda: "eu-1" in client.get("/nodes/").json()["readable"])
        assert "sessionid" in client.get("/visit/").cookies
        writers = Writers(client.base_url)
        with writers.at_work():
            wait_until(lambda: len(writers.acknowledged) > WRITERS)
            disk.fill()
            wait_until(lambda: use_up(nodes["us-1"], part) or kinds(writers.refused).count(REFUSED) >= REFUSALS)
            if part == "pg_wal":
                wait_until(lambda: not nodes["us-1"].is_running)
            reads = [client.get(path) for path in ("/names/", "/strong/", "/visit/") * REFUSALS]
            client.cookies.clear()
            reads += [client.get("/visit/")]
            disk.make_room()
            revive(nodes["us-1"])
            seen = len(writers.acknowledged)
            wait_until(lambda: len(writers.acknowledged) >= seen + WRITERS)

        assert {answer.status_code for answer in reads} == {200}
        assert {answer.status_code for answer in writers.refused} == {503}
        assert {answer.headers["Content-Type"] for answer in writers.refused} == {"application/problem+json"}
        assert set(kinds(writers.refused)) <= ({REFUSED} if part == "base" else {REFUSED, UNKNOWN})
        assert all(int(each.headers["Retry-After"]) > 0 for each in writers.refused if each.json()["type"] == REFUSED)
        assert writers.acknowledged <= {name for (name,) in nodes["us-1"].query("SELECT name FROM auth_group")}
        nodes.wait_until_caught_up()
        assert writers.acknowledged <= {name for (name,) in nodes["eu-1"].query("SELECT name FROM auth_group")}


def kinds(answers: list[httpx.Response]) -> list[str]:
    return [answer.json()["type"] for answer in answers]


def use_up(node: Node, part: str) -> None:
    """Have the server ask for space: what is left in a log file would last for minutes."""
    if part == "pg_wal":
        with suppress(psycopg.OperationalError):
            node.query("SELECT pg_switch_wal()")


def revive(node: Node) -> None:
    """Start a server that ended by itself, as those that run servers do."""
    if not node.is_running:
        node.stop()
        node.start()
