"""After an asynchronous failover each reader whose write is gone is told so once, and an operator finds all of them.

One site lives on and remembers what it acknowledged; of the other, which died with the primary, only the log is left.
"""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from reliability.lab.cluster import Cluster
from reliability.lab.promoter import LocalPromoter
from tests.cluster.faults.nodes import cut_off
from tests.cluster.routing.bare import Project
from tests.waiting import wait_until

pytestmark = pytest.mark.sqlite  # They bring their databases along: once is enough.

TOKEN = "X-Consistency-Token"
STATUS = "X-Consistency-Status"
ACCESS_LOG = """
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "reliability.telemetry.logs.JsonLines"}},
    "handlers": {"lines": {"()": "reliability.telemetry.logs.Lines", "formatter": "json"}},
    "root": {"handlers": ["lines"], "level": "INFO"},
}
ROUTING["WRITE_HOLD_SECONDS"] = 0.5
"""
WSGI = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bare.settings"
from django.core.wsgi import get_wsgi_application
from reliability.telemetry.wsgi import RequestTelemetry
application = RequestTelemetry(get_wsgi_application())
"""


def project_in(region: str, nodes: Cluster, folder: Path) -> Project:
    folder.mkdir()
    return Project(folder, nodes, region=region, more=ACCESS_LOG, modules={"wsgi.py": WSGI})


@pytest.fixture
def failover(broken_cluster: Cluster, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """Lose the primary and the site beside it, with what they acknowledged last; eu-1 is the primary now."""
    nodes = broken_cluster
    europe, america = (project_in(region, nodes, tmp_path / region) for region in ("eu-west", "us-east"))
    europe.manage("migrate", "--verbosity=0")
    with europe.served() as here:
        with america.served() as there:
            assert write(here, "kept").status_code == write(there, "kept there").status_code == 200
            wait_until(lambda: here.get("/nodes/").json()["epoch"])
            nodes.wait_until_caught_up()
            cut_off(nodes)
            browser = write(here, "lost in Europe")
            program = write(here, "lost by a program", path="/write_at_once/")
            write(there, "lost in America")
            write(there, "lost in America too", path="/write_at_once/")
            nodes["us-1"].kill()
        LocalPromoter(nodes).promote("eu-1")
        wait_until(lambda: write(here, "after").status_code == 200)
        yield SimpleNamespace(
            nodes=nodes,
            here=here,
            project=europe,
            cookie=browser.cookies["consistency"],
            token=program.headers[TOKEN],
            log=tmp_path / "us-east" / "gunicorn.log",
        )


def write(client: httpx.Client, name: str, *, path: str = "/write/") -> httpx.Response:
    """Write as somebody who has never been here."""
    client.cookies.clear()
    return client.post(path, params={"as": name}, data={"name": name})


def test_a_lost_write_is_told_once_and_listed(failover: SimpleNamespace) -> None:
    for path in ("/names/", "/strong/"):
        by_cookie, by_header = told_to_a_browser(failover, path), told_to_a_program(failover, path)
        assert [answer.headers.get(STATUS) for answer in by_cookie] == ["lost", None]
        assert [answer.headers.get(STATUS) for answer in by_header] == ["lost", None]
        assert all(set(answer.json()) == {"kept", "kept there", "after"} for answer in (*by_cookie, *by_header))

    wait_until(lambda: len(listed(failover)) == 2)
    assert listed(failover) == {"/write/?as=lost+in+Europe", "/write_at_once/?as=lost+by+a+program"}
    # What survived is in this log too, and is no news.
    said = failover.project.manage("routing", "losses", "--log", str(failover.log))
    assert "3 writes, 2 may be lost, 2 of them new" in said, failover.log.read_text()


def told_to_a_browser(failover: SimpleNamespace, path: str) -> list[httpx.Response]:
    """Read twice with the cookie of a lost write."""
    with httpx.Client(base_url=failover.here.base_url) as reader:
        reader.cookies.set("consistency", failover.cookie, domain=reader.base_url.host)
        return [reader.get(path), reader.get(path)]


def told_to_a_program(failover: SimpleNamespace, path: str) -> list[httpx.Response]:
    """Read with the token of a lost write, and with the one that comes back."""
    failover.here.cookies.clear()
    first = failover.here.get(path, headers={TOKEN: failover.token})
    return [first, failover.here.get(path, headers={TOKEN: first.headers[TOKEN]})]


def listed(failover: SimpleNamespace) -> set[str]:
    return {path for (path,) in failover.nodes.primary.query("SELECT path FROM reliability_routing_lostwrite")}
